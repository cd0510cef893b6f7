/** A published report as text for people: what was published, at which place of the ledger, who signed it. */
import type { Signature, YearlyReport } from '../../tables/report-reader.js';
import { attested } from './attested.js';
import { pad } from './output.js';

/** The lines beside the published table, of the last publication among the rounds. */
export function renderPublication({ rounds }: YearlyReport): string[] {
  const published = rounds.filter(({ publication }) => publication !== null);
  const last = published.at(-1);
  if (last?.publication == null) return [];
  const { publication, form, index, tableHash, compiled, clearances, approval, accepted } = last;
  const { checkpoint, url } = publication;
  return [
    `已公布 published ${publication.at}${published.length > 1 ? `  第 ${published.length} 次公布 restatement` : ''}${url === null ? '' : `  ${url}`}`,
    `  表式 form ${form}  截至 index ${index}`,
    `  ${tableHash}`,
    checkpoint === null
      ? '  无签名检查点 no signed checkpoint'
      : `  检查点 checkpoint ${checkpoint.origin}  事件数 size ${checkpoint.size}  树根 root ${checkpoint.root}`,
    signed('编制 compiled', compiled),
    ...clearances.filter(({ verdict }) => verdict === 'passed').map((clearance) => signed(`审查 cleared ${clearance.step}`, clearance)),
    approval === null ? '  ! 未经审查 (not reviewed: the clearance chain was empty)' : signed('批准 approved', approval),
    ...accepted.map(({ rule, cells, reason }) => `  接受的核对结果 accepted ${rule} ${cells.join(', ')}: ${reason}`),
  ];
}

function signed(what: string, { actor, role, at, attestation }: Signature): string {
  return `  ${pad(what, 36)} ${actor}${role === null ? '' : ` (${role})`}  ${at}  ${attested(attestation)}`;
}
