// Promise: every transfer of somebody's data stands in their ledger: to whom, which fields, what for, on what ground, when.
import type { KeyObject } from 'node:crypto';
import * as audit from '../audit/audit.ts';
import type { Context } from '../context.ts';
import { categoryOf, fieldsOf, fieldsGiven, partnersOf, purposeOf } from '../organisation/lookup.ts';
import type { Organisation, Partner } from '../organisation/organisation.ts';
import { instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { seal } from '../platform/keys/keys.ts';
import type { DisclosureTable, PersonTable } from '../schema.ts';
import { insertOnce, selectRole } from './queries.ts';
import { place, type SealedDisclosure } from './sealed.ts';
import { newTally, type Tally } from './tally.ts';

export { find, flows, page, received, summary } from './reading.ts';
export type { Disclosure, DisclosurePage, Filter, Flow } from './reading.ts';

export interface NewDisclosure {
	partner: string;
	purpose: string;
	/** Codes `category.field`. */
	fields: readonly string[];
	/** When it happened; now where left out. An earlier instant is recorded as told afterwards. */
	at?: Date | undefined;
	/** The partner's ground in the description where left out. */
	basis?: Partner['basis'] | undefined;
	/** The organisation's own note of it, such as a case number. */
	reference?: string | undefined;
	/** Tells two transfers of the same content at the same instant apart. */
	key?: string | undefined;
	/** Record what is covered even where some of the fields are not. */
	partial?: boolean | undefined;
}

/**
 * Why one field may not go: `partner-unknown`, `purpose-unknown`, `purpose-not-of-partner`, `field-unknown`,
 * `field-not-covered`; and for the person's sake `person-paused`, `person-leaving`, `awaiting-consent`.
 */
export interface FieldRefusal {
	field: string;
	code: string;
}

export interface Recorded {
	id: string;
	/** False when the same disclosure was there already. */
	added: boolean;
	at: string;
	recorded: DisclosureTable['recorded'];
	basis: string;
	country: string;
	released: string[];
	refused: FieldRefusal[];
}

export type DisclosureOutcome = Recorded | { refused: 'disclosure-refused'; fields: FieldRefusal[] };

interface Judged {
	partner: Partner;
	released: string[];
	refused: FieldRefusal[];
}

/** One person's ledger while it is being written. */
interface Ledger {
	personId: string;
	key: KeyObject;
	tally: Tally;
}

/** Which of the fields the description lets this partner have of a person of the role, for this purpose. */
function judge(organisation: Organisation, role: string, { partner: id, purpose, fields }: NewDisclosure) {
	const partner = partnersOf(organisation, role).find((one) => one.id === id);
	const whole = !partner
		? 'partner-unknown'
		: !purposeOf(organisation, purpose)
			? 'purpose-unknown'
			: partner.purpose !== purpose
				? 'purpose-not-of-partner'
				: undefined;
	const unique = [...new Set(fields)].sort();
	if (!partner || whole)
		return { released: [], refused: unique.map((field) => ({ field, code: whole as string })) };
	const refused = unique.flatMap((field) => {
		const code = refusalOf(organisation, role, partner, field);
		return code ? [{ field, code }] : [];
	});
	return {
		partner,
		released: unique.filter((field) => !refused.some((one) => one.field === field)),
		refused
	};
}

/**
 * Nothing new goes out about somebody who paused, leaves or may not decide yet, but what a law or a life demands (GDPR
 * Art. 18(2)); what went out before is written down all the same.
 */
function restOf(
	{ state, pausedAt }: Pick<PersonTable, 'state' | 'pausedAt'>,
	basis: Partner['basis'] | undefined
): string | undefined {
	if (basis === 'legal-obligation' || basis === 'vital-interests') return undefined;
	if (state === 'awaiting-consent') return state;
	if (state !== 'active') return 'person-leaving';
	return pausedAt === null ? undefined : 'person-paused';
}

function refusalOf(
	organisation: Organisation,
	role: string,
	partner: Partner,
	code: string
): string | undefined {
	const [categoryId, fieldId] = code.split('.');
	const category = categoryOf(organisation, categoryId ?? '');
	const field = category && fieldsOf(category, role).find(({ id }) => id === fieldId);
	if (!category || !field || code !== `${categoryId}.${fieldId}`) return 'field-unknown';
	return fieldsGiven(partner, category, role).includes(field) ? undefined : 'field-not-covered';
}

function dedupeOf(ctx: Context, disclosure: NewDisclosure, released: readonly string[]): Buffer {
	const { partner, purpose, basis = '', reference = '', at, key = '' } = disclosure;
	return ctx.keys.blindIndex(
		'disclosure',
		JSON.stringify([partner, purpose, released, basis, at ? instant(at) : '', reference, key])
	);
}

async function write(
	ctx: Context,
	{ personId, key, tally }: Ledger,
	disclosure: NewDisclosure,
	{ partner, released, refused }: Judged
): Promise<Recorded> {
	const now = ctx.clock.now();
	const at = instant(disclosure.at ?? now);
	const recorded = at < instant(now) ? 'afterwards' : 'released';
	const id = ctx.ids.at(disclosure.at ?? now);
	const { basis = partner.basis, reference } = disclosure;
	const sealed = seal(key, place(id), { reference, key: disclosure.key } satisfies SealedDisclosure);
	const row = {
		personId,
		id,
		partner: partner.id,
		purpose: partner.purpose,
		basis,
		fields: released.join(' '),
		country: partner.country,
		consentVersion: null
	};
	const outcome = await insertOnce(ctx, {
		...row,
		recorded,
		at,
		recordedAt: instant(now),
		sealed,
		dedupe: dedupeOf(ctx, disclosure, released)
	});
	if (outcome.added) tally.add(partner.id, released, at);
	return { ...outcome, at, recorded, basis, country: partner.country, released, refused };
}

/**
 * Writes disclosures of one person into the ledger, in one transaction; the same one again changes nothing. Each is answered
 * in its place: the row, or `disclosure-refused` with a code per field when any field is not covered (all or nothing,
 * unless `partial`). Refuses `person-unknown` for nobody, and for somebody whose key was destroyed; `person-leaving` once an
 * erasure has begun.
 */
export async function record(
	ctx: Context,
	personId: string,
	disclosures: readonly NewDisclosure[]
): Promise<DisclosureOutcome[] | { refused: 'person-unknown' | 'person-leaving' }> {
	const person = await selectRole(ctx, personId);
	const key = await ctx.keys.find(personId);
	if (!person || !key) return { refused: 'person-unknown' };
	return transaction(ctx, async (ctx) => {
		if (!(await audit.holdPerson(ctx, personId))) return { refused: 'person-leaving' as const };
		const outcomes: DisclosureOutcome[] = [];
		const ledger = { personId, key, tally: newTally() };
		for (const disclosure of disclosures) {
			const judged = judge(ctx.organisation, person.role, disclosure);
			const isNew = !disclosure.at || disclosure.at >= ctx.clock.now();
			const rest =
				isNew && judged.partner ? restOf(person, disclosure.basis ?? judged.partner.basis) : undefined;
			const { partner, released, refused } = rest
				? {
						partner: judged.partner,
						released: [],
						refused: [...new Set(disclosure.fields)].map((field) => ({ field, code: rest }))
					}
				: judged;
			if (!partner || !released.length || (refused.length && !disclosure.partial)) {
				outcomes.push({ refused: 'disclosure-refused', fields: refused });
				// Told afterwards, it is a wrong line of a file; before, somebody tried to pass on what may not go (CL3).
				if (isNew)
					await audit.record(ctx, personId, 'disclosure-refused', {
						partner: disclosure.partner.slice(0, 40)
					});
				continue;
			}
			outcomes.push(await write(ctx, ledger, disclosure, { partner, released, refused }));
		}
		await ledger.tally.store(ctx, personId);
		return outcomes;
	});
}
