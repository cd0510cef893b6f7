// Codes of refusal, of questions, of requests, and of findings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USAGE_CODES } from '../../dist/cli/render/output.js';
import { EXIT } from '../../dist/cli/exit-codes.js';
import { CASE_STATES } from '../../dist/domain/states.js';
import { REFUSALS } from '../../dist/domain/refusal-codes.js';
import { FRAMEWORK } from '../../dist/http/problem-details.filter.js';
import { QUERY_STATUS, receiptStatus } from '../../dist/http/problem.js';
import { isUnreadable } from '../../dist/intake/message.js';
import { CONFLICTS } from '../../dist/read-models/officers/conflicts.js';
import { QUERIES } from '../../dist/read-models/query-problem.js';
import { REMARKS } from '../../dist/read-models/trail/remark-codes.js';
import { CASE_FINDINGS } from '../../dist/statistics/case-rules.js';
import { FINDING_RULES } from '../../dist/statistics/finding-rules.js';
import { code, table } from './markdown.mjs';

const rows = (of, row) => Object.entries(of).map(([name, said]) => [code(name), ...row(said, name)]);

export function codeParts(root) {
  const refused = (name) => (isUnreadable({ code: name }) ? 400 : receiptStatus({ status: 'refused', error: { code: name } }));
  const refusals = rows(REFUSALS, ({ means, helps }, name) => [refused(name), means, helps]);
  const queries = rows(QUERIES, (means, name) => [QUERY_STATUS[name], USAGE_CODES.has(name) ? EXIT.usage : EXIT.failed, means]);
  const requests = Object.entries(FRAMEWORK).map(([status, [name, detail, hint]]) => [status, code(name), detail, hint]);
  const findings = [
    ...rows(FINDING_RULES, ({ severity, means }) => [[severity].flat().join(', '), means]),
    ...rows(CASE_FINDINGS, ({ severity, message }) => [severity, message]),
  ];
  return [
    ['refusals', table(['code', 'HTTP', 'means', 'what helps'], refusals)],
    ['questions', table(['code', 'HTTP', 'exit', 'means'], queries)],
    ['requests', table(['HTTP', 'code', 'says', 'what helps'], requests)],
    ['findings of tables', table(['rule', 'severity', 'means'], findings)],
    [
      'remarks of trails',
      table(
        ['code', 'means'],
        rows(REMARKS, (means) => [means]),
      ),
    ],
    ['states of cases', table(['kind', 'state', 'means'], stateRows())],
    [
      'conflicts of duties',
      table(
        ['rule', 'means'],
        rows(CONFLICTS, (means) => [means]),
      ),
    ],
    ['findings of the store', quoted(root, 'docs/verify.md')],
    ['findings of packs', quoted(root, 'docs/audit-pack.md')],
  ];
}

function stateRows() {
  return Object.entries(CASE_STATES).flatMap(([kind, states]) =>
    Object.entries(states).map(([state, means]) => [code(kind), code(state), means]),
  );
}

/**
 * The table of rules of another page, which is where its rules are said: a pack carries that page, and its checks are
 * held against it.
 */
function quoted(root, page) {
  const text = readFileSync(join(root, page), 'utf8');
  const [found] = /^\| rule \| means \|\n(?:\|.*\n)+/m.exec(text) ?? [];
  if (found === undefined) throw new Error(`${page} has no table of rules: it begins with "| rule | means |"`);
  return found;
}
