// Promise: a consent covers what was on the list when it was given, for the purpose that was named, and nothing more.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import { directory, recipientOf, type Recipient } from '../partners/partners.ts';
import { openSealed, readBy, type GivenBy } from './decisions.ts';
import { selectLatest, selectLatestOf, selectSealedOf, type ConsentRow } from './queries.ts';

/** `outdated`: agreed, and since then the partner asks for more, or for something else; what is new is not covered. */
export type ConsentState = 'never' | 'granted' | 'outdated' | 'withdrawn';

export interface Standing {
	state: ConsentState;
	/** When it was decided. */
	since?: string;
	/** The decision that stands, by its id. */
	decision?: string;
	/** Who decided in the person's place. */
	by?: GivenBy['kind'] | undefined;
	/** For `outdated`: codes of the fields that the person has not agreed to. */
	missing: readonly string[];
}

/** What the gate asks of a consent. */
export interface Agreement {
	decision: 'granted' | 'withdrawn';
	/** The list that was agreed to. */
	version: string;
	/** Codes of the partner's list that are not agreed to. */
	missing: ReadonlySet<string>;
}

type Sealed = Pick<ConsentRow, 'id' | 'sealed'>;

const nothing: ReadonlySet<string> = new Set();

/** Which of the partner's fields a decision leaves out that was about another list. */
function missingIn(key: KeyObject, { partner, fields }: Recipient, latest: Sealed): string[] {
	const { fields: agreed, about } = openSealed(key, latest);
	if (about && about.purpose.id !== partner.purpose) return [...fields];
	const codes = new Set(agreed.map(({ code }) => code));
	return fields.filter((code) => !codes.has(code));
}

function standingOf(key: KeyObject, recipient: Recipient, latest: ConsentRow | undefined): Standing {
	if (!latest) return { state: 'never', missing: [] };
	const { decision: state, at: since, id: decision } = latest;
	const by = readBy(latest.givenBy)?.kind;
	if (state === 'withdrawn') return { state, since, decision, by, missing: [] };
	const missing = latest.version === recipient.version ? [] : missingIn(key, recipient, latest);
	return { state: missing.length ? 'outdated' : 'granted', since, decision, by, missing };
}

const asking = ({ organisation }: Context, role: string): Recipient[] =>
	directory(organisation, role)
		.flatMap(({ recipients }) => recipients)
		.filter(({ partner }) => partner.consent);

/** How the person stands to each partner that needs their consent, or ever had it. */
export async function stateOf(
	ctx: Context,
	person: { id: string; role: string }
): Promise<Map<string, Standing>> {
	const key = await ctx.keys.of(person.id);
	const latest = new Map((await selectLatest(ctx, person.id)).map((row) => [row.partner, row]));
	const standings = new Map<string, Standing>();
	for (const recipient of asking(ctx, person.role)) {
		const { id } = recipient.partner;
		standings.set(id, standingOf(key, recipient, latest.get(id)));
	}
	for (const [partner, { id, decision, at }] of latest)
		if (!standings.has(partner))
			standings.set(partner, { state: decision, since: at, decision: id, missing: [] });
	return standings;
}

/** Partners that ask for more than the person has agreed to: the person is asked again (CT16). */
export async function askingAgain(ctx: Context, person: { id: string; role: string }): Promise<string[]> {
	const latest = (await selectLatest(ctx, person.id)).filter(({ decision }) => decision === 'granted');
	if (!latest.length) return [];
	const byPartner = new Map(latest.map((row) => [row.partner, row]));
	const changed = asking(ctx, person.role).filter(({ partner, version }) => {
		const row = byPartner.get(partner.id);
		return row && row.version !== version;
	});
	if (!changed.length) return [];
	const key = await ctx.keys.of(person.id);
	return changed
		.filter(
			(recipient) => missingIn(key, recipient, byPartner.get(recipient.partner.id) as ConsentRow).length
		)
		.map(({ partner }) => partner.id);
}

/** Of whom the gate asks, and with what their decisions open. */
export interface Asked {
	id: string;
	role: string;
	key: KeyObject;
}

/** The newest decision of each person about each of the partners, in one query; by `<person id> <partner>`. */
export async function agreementsOf(
	ctx: Context,
	people: ReadonlyMap<string, Asked>,
	partners: readonly string[]
): Promise<Map<string, Agreement>> {
	const agreements = new Map<string, Agreement>();
	if (!partners.length) return agreements;
	const latest = await selectLatestOf(ctx, [...people.keys()], partners);
	const outdated: { name: string; asked: Asked; recipient: Recipient; id: string }[] = [];
	for (const { personId, id, partner, decision, version } of latest) {
		const asked = people.get(personId) as Asked;
		const recipient = recipientOf(ctx.organisation, partner, asked.role);
		const name = `${personId} ${partner}`;
		agreements.set(name, { decision, version, missing: nothing });
		if (recipient && decision === 'granted' && version !== recipient.version)
			outdated.push({ name, asked, recipient, id });
	}
	if (!outdated.length) return agreements;
	// The seals are opened only where the list is another one by now.
	const ids = outdated.map(({ id }) => id);
	const holders = [...new Set(outdated.map(({ asked }) => asked.id))];
	const sealed = new Map((await selectSealedOf(ctx, holders, ids)).map((row) => [row.id, row]));
	for (const { name, asked, recipient, id } of outdated) {
		const missing = missingIn(asked.key, recipient, sealed.get(id) as Sealed);
		agreements.set(name, { ...(agreements.get(name) as Agreement), missing: new Set(missing) });
	}
	return agreements;
}
