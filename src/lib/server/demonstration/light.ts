// Promise: a million people for a benchmark, as they would be in earnest (keys, sealing, indexes), within minutes.
import { hashPassword } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import { withoutIndexes } from '../migrations/0001-portal.ts';
import {
	categoriesOf,
	fieldsGiven,
	fieldsOf,
	partnersOf,
	retentionOf,
	topicsOf
} from '../organisation/lookup.ts';
import type { Category, Organisation, Partner } from '../organisation/organisation.ts';
import { after, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import { extraMember, type Member } from './cast.ts';
import { authorOf } from './history.ts';
import { lightWriter, type LightPerson, type LightWriter, type Writes } from './light-writer.ts';
import { inventValue } from './values.ts';

const batchPeople = 1_000;
const giantBatch = 10_000;
const withPassword = 100;
const recordsEach = 3;

export interface Light {
	people: number;
	/** Records of one person more, whom nobody else is like; none for 0. */
	giant: number;
	seed: string;
}

export type Tell = (done: number, what: string) => void;

/** Writes them into an empty database; answers how many seconds each part took. */
export async function writeLight(
	ctx: Context,
	light: Light,
	password: string,
	tell: Tell
): Promise<Record<string, number>> {
	const passwordHash = await hashPassword(password);
	const spent: Record<string, number> = { keys: 0, rows: 0, giant: 0, indexes: 0 };
	let loadedAt = 0;
	await withoutIndexes(ctx.db as never, async () => {
		for (let start = 0; start < light.people; start += batchPeople) {
			await writeBatch(ctx, light, { start, passwordHash, spent });
			tell(Math.min(start + batchPeople, light.people), `${start} people`);
		}
		if (light.giant) await timed(spent, 'giant', () => writeGiant(ctx, light, passwordHash, tell));
		tell(light.people + light.giant, 'indexes');
		loadedAt = performance.now();
	});
	spent.indexes = (performance.now() - loadedAt) / 1_000;
	return spent;
}

async function timed<Result>(
	spent: Record<string, number>,
	part: string,
	work: () => Promise<Result>
): Promise<Result> {
	const begun = performance.now();
	const result = await work();
	spent[part] = (spent[part] ?? 0) + (performance.now() - begun) / 1_000;
	return result;
}

async function writeBatch(
	ctx: Context,
	{ people, seed }: Light,
	{ start, passwordHash, spent }: { start: number; passwordHash: string; spent: Record<string, number> }
): Promise<void> {
	const now = ctx.clock.now();
	const ids = Array.from({ length: Math.min(batchPeople, people - start) }, () => ctx.ids.next());
	const keys = await timed(spent, 'keys', () => ctx.keys.birthMany(ids));
	await timed(spent, 'rows', () =>
		transaction(ctx, async (ctx) => {
			const writer = lightWriter(ctx);
			for (const [offset, id] of ids.entries()) {
				const member = extraMember(ctx.organisation, seed, start + offset, now);
				const createdAt = instant(after(now, -member.random.whole(30, 700), 'days'));
				const person = { id, key: keys.get(id) as LightPerson['key'], createdAt };
				const waiting = writePerson(ctx, writer, person, member);
				if (start + offset < withPassword) waiting.push(writer.credential(person, passwordHash));
				// Each writer answers only when it has really written: then the others may catch up.
				for (const write of waiting) if (write) await write;
			}
			await writer.flush();
		})
	);
}

function writePerson(
	ctx: Context,
	writer: LightWriter,
	person: LightPerson,
	member: Member,
	without?: Category
): Writes {
	const { role, language, country, place, externalId, bornOn } = member;
	const writes: Writes = [
		writer.person(person, {
			role,
			language,
			timeZone: place.timeZone,
			country,
			region: member.region ?? null,
			externalId,
			bornOn
		}),
		writer.identifier(person, 'external', externalId),
		writer.identifier(person, 'email', `${externalId}@example.com`)
	];
	const categories = categoriesOf(ctx.organisation, role);
	for (const category of categories)
		if (category.kind === 'profile') writes.push(...writeProfile(writer, person, member, category));
	writes.push(
		...writeRecords(
			ctx,
			writer,
			person,
			member,
			categories.filter((category) => category.kind === 'records' && category !== without)
		)
	);
	writes.push(
		...writePreferences(ctx, writer, person, member),
		...writeDisclosure(ctx, writer, person, member)
	);
	return writes;
}

function writeProfile(writer: LightWriter, person: LightPerson, member: Member, category: Category): Writes {
	const moment = { at: new Date(person.createdAt), random: member.random };
	return fieldsOf(category, member.role)
		.filter(({ required, identifier }) => required && !identifier)
		.map((field) =>
			writer.profile(
				person,
				field.id,
				inventValue(field, authorOf(member, []), moment),
				category.origins[0] as string
			)
		);
}

function valuesOf(category: Category, member: Member, at: Date): Record<string, unknown> {
	const values: Record<string, unknown> = {};
	for (const field of fieldsOf(category, member.role))
		values[field.id] = inventValue(field, authorOf(member, []), { at, random: member.random });
	return values;
}

function writeRecords(
	ctx: Context,
	writer: LightWriter,
	person: LightPerson,
	member: Member,
	categories: readonly Category[]
): Writes {
	if (!categories.length) return [];
	const category = member.random.pick(categories);
	const writes: Writes = [];
	let oldestAt = instant(ctx.clock.now());
	for (let index = 0; index < recordsEach; index++) {
		const at = after(ctx.clock.now(), -member.random.whole(1, 28), 'days');
		if (instant(at) < oldestAt) oldestAt = instant(at);
		writes.push(
			writer.record(person, category.id, {
				id: `r-${index}`,
				at: instant(at),
				values: valuesOf(category, member, at),
				origin: category.origins[0] as string
			})
		);
	}
	writes.push(writer.recordCount(person, category.id, recordsEach, oldestAt));
	return writes;
}

function writePreferences(
	ctx: Context,
	writer: LightWriter,
	person: LightPerson,
	{ role, random }: Member
): Writes {
	const topics = topicsOf(ctx.organisation, role).filter(({ essential }) => !essential);
	return topics.slice(0, 2).map(({ id, channels }) =>
		writer.preference(person, {
			channel: channels[0] as string,
			topic: id,
			allowed: random.chance(0.5),
			at: person.createdAt
		})
	);
}

function writeDisclosure(
	ctx: Context,
	writer: LightWriter,
	person: LightPerson,
	{ role, random }: Member
): Writes {
	const partners = partnersOf(ctx.organisation, role);
	if (!partners.length) return [];
	const partner = random.pick(partners);
	const { id, purpose, basis, country } = partner;
	return writer.disclosure(person, {
		partner: id,
		purpose,
		basis,
		country,
		fields: fieldsFor(ctx.organisation, partner, role),
		at: person.createdAt
	});
}

/** At most three: some processors get nearly everything, and a benchmark needs no page-long rows. */
const fieldsAtMost = 3;
const fieldsByPartner = new WeakMap<Partner, Map<string, string[]>>();

function fieldsFor(organisation: Organisation, partner: Partner, role: string): string[] {
	const byRole = fieldsByPartner.get(partner) ?? new Map<string, string[]>();
	fieldsByPartner.set(partner, byRole);
	const known = byRole.get(role);
	if (known) return known;
	const fields = categoriesOf(organisation, role).flatMap((category) =>
		fieldsGiven(partner, category, role).map(({ id }) => `${category.id}.${id}`)
	);
	const some = fields.slice(0, fieldsAtMost).sort();
	byRole.set(role, some);
	return some;
}

/** Kept until the person leaves, so that no expiry thins the records out; with most fields of all such. */
function giantCategory({ organisation }: Context, role: string): Category | undefined {
	const lasting = categoriesOf(organisation, role).filter(
		({ kind, retention }) => kind === 'records' && !retentionOf(organisation, retention)?.for
	);
	return lasting.sort((a, b) => b.fields.length - a.fields.length)[0];
}

/** One person, `giant@example.com`, with as many records as asked for in one category. */
async function writeGiant(
	ctx: Context,
	{ people, giant, seed }: Light,
	passwordHash: string,
	tell: Tell
): Promise<void> {
	const now = ctx.clock.now();
	const member = { ...extraMember(ctx.organisation, seed, people, now), externalId: 'giant' };
	const category = giantCategory(ctx, member.role);
	if (!category) return;
	const id = ctx.ids.next();
	const at = (index: number) => new Date(now.getTime() - (giant - index) * 60_000);
	const person = { id, key: await ctx.keys.birth(id), createdAt: instant(at(0)) };
	for (let start = 0; start < giant; start += giantBatch)
		await transaction(ctx, async (ctx) => {
			const writer = lightWriter(ctx);
			if (start === 0) {
				for (const write of writePerson(ctx, writer, person, member, category)) await write;
				await writer.credential(person, passwordHash);
				await writer.recordCount(person, category.id, giant, instant(at(0)));
			}
			for (let index = start; index < Math.min(giant, start + giantBatch); index++) {
				const record = {
					id: `g-${String(index).padStart(9, '0')}`,
					at: instant(at(index)),
					values: valuesOf(category, member, at(index)),
					origin: category.origins[0] as string
				};
				await writer.record(person, category.id, record);
			}
			await writer.flush();
			tell(people + start, `${start} records of one person`);
		});
}
