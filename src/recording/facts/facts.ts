/** What a message is decided on: its case, its agency, and whatever else its type asks for, folded from the log. */
import type { AnyData } from '../../domain/acts.js';
import { agencyRules } from '../../domain/agency/rules.js';
import { isPermissionType } from '../../domain/agency/permissions.js';
import { applicationRules } from '../../domain/application/rules.js';
import { stands, type DecisionContext } from '../../domain/case.js';
import { caseName, parseCaseName, streamOf, type CaseRef } from '../../domain/identifiers.js';
import { rulesOf } from '../../domain/kinds.js';
import { reportRules } from '../../domain/report/rules.js';
import { decisionAbout, isRemedy, type Remedy } from '../../domain/small-kinds/remedy.js';
import type { AcceptedMessage } from '../../intake/message.js';
import { flawsOf } from '../../prose/officer-text.js';
import type { RemedyIndex } from '../../read-models/cases/remedy-index.js';
import { formCatalog } from '../../statistics/forms/registry.js';
import { agencyOf, lineOf, type Load } from './agency-line.js';
import { calendarFor, calendarLanes, goesByCalendar } from './calendars.js';
import { viewOf, type CaseStore, type LoadedCase } from './case-store.js';
import type { ReportFactsSource } from './report-facts.js';
import { permissionFacts, type HierarchySource } from './permission-facts.js';
import { dateInShanghai } from '../../time/instant.js';

/**
 * What is read from the log: `known`, what is not at hand; `fresh`, everything; `guessed`, as `known`, but a case that
 * is not at hand is taken for one that has not begun: most are, and a store behind a network is asked for nothing. Such
 * a guess may be appended upon, as the append is refused where the case has begun; it refuses nobody.
 */
export type Reading = 'guessed' | 'known' | 'fresh';

export interface Facts {
  readonly loaded: LoadedCase;
  /** `loaded` is a guess. */
  readonly guessed: boolean;
  readonly agencyCase: LoadedCase;
  readonly context: DecisionContext;
}

/** Names of what a message writes and of what it only reads; see `Lanes`. */
export interface Concerns {
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

export interface FactsParts {
  readonly cases: CaseStore;
  readonly remedies: Pick<RemedyIndex, 'naming' | 'remember'>;
  readonly reports: ReportFactsSource;
  readonly hierarchy: HierarchySource;
  readonly now: () => number;
}

const NONE: ReadonlySet<string> = new Set();
/** Of these few are begun, and much is asked before one is. */
const NEVER_GUESSED: ReadonlySet<string> = new Set(['agency', 'report']);

export class FactsReader {
  readonly #parts: FactsParts;

  constructor(parts: FactsParts) {
    this.#parts = parts;
  }

  async read(message: AcceptedMessage, reading: Reading): Promise<Facts> {
    const { cases } = this.#parts;
    const { command } = message;
    const fresh = reading === 'fresh';
    const load: Load = (agency, ref) => (fresh ? cases.reload(agency, ref) : cases.load(agency, ref));
    const atHand = (ref: CaseRef): LoadedCase | undefined => (fresh ? undefined : cases.atHand(command.agency, ref));
    const known = atHand(command.subject);
    const guessed = known === undefined && reading === 'guessed' && !NEVER_GUESSED.has(command.subject.kind);
    const loaded = known ?? (guessed ? cases.notBegun(command.agency, command.subject) : await load(command.agency, command.subject));
    const agencyRef = { kind: 'agency', number: command.agency };
    const agencyCase = command.subject.kind === 'agency' ? loaded : (atHand(agencyRef) ?? (await load(command.agency, agencyRef)));
    const agency = viewOf(agencyRules, agencyCase);
    const parentCode = referredAgencyCode(message);
    const parent = parentCode === undefined ? undefined : await parentOf(parentCode, load);
    const existing: string[] = [];
    for (const ref of referredCases(message)) {
      if (stands((await load(command.agency, ref)).state)) existing.push(caseName(ref));
    }
    const context: DecisionContext = {
      agency,
      existingCases: existing.length === 0 ? NONE : new Set(existing),
      forms: formCatalog,
      texts: { flaws: flawsOf },
      ...(parent === undefined ? {} : { parent }),
      ...(goesByCalendar(command) ? await calendarFor(command, loaded, agency, load) : {}),
      ...(needsDecisions(message, loaded) ? { decisions: await this.#decisions(message, load) } : {}),
    };
    return { loaded, guessed, agencyCase, context };
  }

  /** Whether it is decided on more than `read` gives. */
  needsMore({ command }: AcceptedMessage, { context }: Facts): boolean {
    return context.agency !== null && (command.subject.kind === 'report' || isPermissionType(command.type));
  }

  /**
   * With what a report's act, or a permission, is decided on besides; asked only of a new message, as it takes the read
   * models. `settled` resolves when what came before is in the log.
   */
  async withMore({ command }: AcceptedMessage, facts: Facts, settled: () => Promise<unknown>): Promise<Facts> {
    const { agency } = facts.context;
    if (agency !== null && isPermissionType(command.type)) {
      await settled();
      const { cases, hierarchy, now } = this.#parts;
      const load: Load = (code, ref) => cases.load(code, ref);
      const more = await permissionFacts(command, agency, { load, hierarchy, today: dateInShanghai(now()) });
      return { ...facts, context: { ...facts.context, ...more } };
    }
    if (command.subject.kind !== 'report' || facts.context.agency === null) return facts;
    await settled();
    return { ...facts, context: { ...facts.context, ...(await this.#parts.reports.factsFor(command, viewOf(reportRules, facts.loaded))) } };
  }

  /** What the message writes, and what must not change while it is decided. */
  concernsOf(message: AcceptedMessage): Concerns {
    const { command } = message;
    const { agency } = command;
    const calendars = calendarLanes(command);
    // What came before a compilation is in its table, if its index says so: it waits for everything of its agency.
    const compiles = command.type === 'report.compiled' ? [agencyStream(agency)] : [];
    const code = referredAgencyCode(message);
    const agencies = code === undefined ? [] : [agencyStream(code)];
    const cases = referredCases(message).map((ref) => streamOf(agency, ref));
    return {
      writes: [streamOf(agency, command.subject), command.eventId, ...calendars.writes, ...compiles],
      reads: [agencyStream(agency), ...agencies, ...cases, ...this.#remediesOf(message), ...calendars.reads],
    };
  }

  /**
   * As soon as it comes: what is remembered is a hint where to look, read again from the log before it decides
   * anything.
   */
  remember({ command }: AcceptedMessage): void {
    const { application }: AnyData = command.data;
    if (isRemedy(command.subject.kind) && application !== undefined)
      this.#parts.remedies.remember(command.agency, application, caseName(command.subject));
  }

  /** Decided remedies about the application of this message: the one it names, or whichever are known. */
  async #decisions({ command }: AcceptedMessage, load: Load): Promise<NonNullable<DecisionContext['decisions']>> {
    const application = caseName(command.subject);
    const { orderedBy }: AnyData = command.data;
    const candidates = orderedBy === undefined ? this.#parts.remedies.naming(command.agency, application) : [orderedBy];
    const decisions: { case: string; instant: number; at: string }[] = [];
    for (const name of candidates) {
      const ref = parseCaseName(name);
      if (ref === null || !isRemedy(ref.kind)) continue;
      const { state } = await load(command.agency, ref);
      const decision = decisionAbout(state.view as Remedy, application);
      if (decision !== null) decisions.push({ case: name, ...decision });
    }
    return decisions;
  }

  /** Streams of the remedies that may let an answer be drafted anew: what is on its way to them comes first. */
  #remediesOf({ command }: AcceptedMessage): string[] {
    if (command.type !== 'application.reply-drafted') return [];
    const names = this.#parts.remedies.naming(command.agency, caseName(command.subject));
    return names.flatMap((name) => {
      const ref = parseCaseName(name);
      return ref === null ? [] : [streamOf(command.agency, ref)];
    });
  }
}

/** The agency named as parent, with every agency above it. */
async function parentOf(code: string, load: Load): Promise<NonNullable<DecisionContext['parent']>> {
  const agency = await agencyOf(code, load);
  // On the farthest day every change that is known is in force.
  const [, ...lineage] = agency === null ? [] : await lineOf(agency, '9999-12-31', load);
  return { agency, lineage };
}

function agencyStream(code: string): string {
  return streamOf(code, { kind: 'agency', number: code });
}

function referredAgencyCode({ command }: AcceptedMessage): string | undefined {
  return command.type === 'agency.registered' || command.type === 'agency.changed' ? command.data.parent : undefined;
}

/** Cases of the same agency that the act refers to. */
function referredCases({ command }: AcceptedMessage): CaseRef[] {
  const { of, application, publication, orderedBy }: AnyData = command.data;
  const names = isRemedy(command.subject.kind) ? [application, publication] : [of, orderedBy];
  return names.flatMap((name) => {
    const ref = parseCaseName(name);
    return ref === null || rulesOf(ref.kind) === undefined ? [] : [ref];
  });
}

/** An answer made again, or drafted after the close, stands on decisions of other cases. */
function needsDecisions({ command }: AcceptedMessage, loaded: LoadedCase): boolean {
  if (command.type === 'application.reply-remade') return true;
  return command.type === 'application.reply-drafted' && viewOf(applicationRules, loaded).closed !== null;
}
