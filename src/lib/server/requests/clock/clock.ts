// Promise: a request falls due by the shortest rule that fits the person, and the rule is named.
import type { Context } from '../../context.ts';
import { endOfDay, localDay } from '../../platform/clock.ts';
import type { RequestKind } from '../../schema.ts';
import { lastDayOf } from './periods.ts';
import { rules, type LegalRule, type Regime } from './rules.ts';

/** Whom a clock runs for. */
export interface Asker {
	country: string;
	region: string | null;
	timeZone: string;
	bornOn?: string | undefined;
}

/** A day in the person's own time zone, the last instant of it, and the rule that says so: a law's, or `own-word`. */
export interface Due {
	dueOn: string;
	dueAt: Date;
	rule: string;
}

export interface Asked {
	kind: RequestKind;
	receivedAt: Date;
	/** A law that the person named: it counts wherever they live, where the description knows it. */
	named?: Regime | undefined;
}

const ownWord = 'own-word';

function ageOf({ bornOn }: Asker, day: string): number | undefined {
	if (!bornOn) return undefined;
	const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4));
	return day.slice(5) >= bornOn.slice(5) ? years : years - 1;
}

function fits({ appliesTo, inForce }: LegalRule, person: Asker, day: string): boolean {
	if (day < inForce.from || (inForce.to !== undefined && day > inForce.to)) return false;
	if (!appliesTo.countries.includes(person.country)) return false;
	const region = person.region?.replace(/^[A-Z]{2}-/, '') ?? '';
	if (appliesTo.regions && !appliesTo.regions.includes(region)) return false;
	return appliesTo.below === undefined || (ageOf(person, day) ?? Infinity) < appliesTo.below;
}

/** The rules that fit, each with the day by which it counts. */
function daysBy(
	{ organisation }: Pick<Context, 'organisation'>,
	person: Asker,
	{ kind, receivedAt, named }: Asked,
	{ stage = 'answer', extended = false }: { stage?: LegalRule['stage']; extended?: boolean } = {}
): { rule: string; dueOn: string }[] {
	const receivedOn = localDay(receivedAt, person.timeZone);
	return rules
		.filter(({ regime }) => organisation.requests.regimes.includes(regime))
		.filter((rule) => rule.stage === stage && rule.kinds.includes(kind))
		.filter((rule) => rule.regime === named || fits(rule, person, receivedOn))
		.map((rule) => ({ rule: rule.id, dueOn: lastDayOf(rule, receivedOn, person.country, extended) }));
}

/** Where a law and the organisation's own word name the same day, the law is named. */
function shortest(
	person: Asker,
	days: readonly { rule: string; dueOn: string }[],
	own?: { rule: string; dueOn: string }
): Due | undefined {
	const all = own ? [...days, own] : days;
	const first = all.reduce<(typeof all)[number] | undefined>(
		(earliest, next) => (earliest === undefined || next.dueOn < earliest.dueOn ? next : earliest),
		undefined
	);
	return first && { ...first, dueAt: endOfDay(first.dueOn, person.timeZone) };
}

function ownDay(
	{ organisation }: Pick<Context, 'organisation'>,
	person: Asker,
	{ receivedAt }: Asked,
	times = 1
) {
	const number = organisation.requests.answerDays * times;
	const rule = {
		span: { number, unit: 'calendar-days' as const },
		runsOn: false,
		holidays: 'of-the-person' as const
	};
	return { rule: ownWord, dueOn: lastDayOf(rule, localDay(receivedAt, person.timeZone), person.country) };
}

/** By when an answer is due. The organisation's own word counts where it is shorter than the law. */
export const dueFor = (ctx: Pick<Context, 'organisation'>, person: Asker, asked: Asked): Due =>
	shortest(person, daysBy(ctx, person, asked), ownDay(ctx, person, asked)) as Due;

/**
 * By when an answer is due that was postponed: as far as the shortest law that fits lets it; where none fits, the
 * organisation's own word once more.
 */
export const dueWhenExtended = (ctx: Pick<Context, 'organisation'>, person: Asker, asked: Asked): Due =>
	(shortest(person, daysBy(ctx, person, asked, { extended: true })) ??
		shortest(person, [ownDay(ctx, person, asked, 2)])) as Due;

/** By when the person has to be told that the request arrived, where a law says so. */
export const confirmationDue = (
	ctx: Pick<Context, 'organisation'>,
	person: Asker,
	asked: Asked
): Due | undefined => shortest(person, daysBy(ctx, person, asked, { stage: 'confirm' }));

/** Where the rule is written; undefined for the organisation's own word. */
export const sourceOf = (rule: string): string | undefined => rules.find(({ id }) => id === rule)?.source;
