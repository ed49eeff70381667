// Promise: the demonstration opens with invented people who have lived in it for two years, the same ones every time.
import { hashPassword, registerMany, type NewPerson } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import * as controls from '../controls/controls.ts';
import { categoriesOf, sourceOf } from '../organisation/lookup.ts';
import type { Text } from '../organisation/organisation.ts';
import { after, dayOf, instant } from '../platform/clock.ts';
import { transaction } from '../platform/database/transaction.ts';
import * as records from '../records/records.ts';
import * as staff from '../staff/staff.ts';
import { castOf, type Member } from './cast.ts';
import { decide } from './decisions.ts';
import { profileOf, recordsIn, type Setting } from './history.ts';
import { insertMark, insertProfileValues, selectAnybody, selectMark } from './queries.ts';
import { writeLight, type Light, type Tell } from './light.ts';
import { readScript, type Script } from './script.ts';
import { share } from './sharing.ts';

/** Everybody's password in the demonstration (CONTRACT §1). */
export const password = 'demonstration-only';

/** One button of the demonstration's sign-in page. */
export interface SignIn {
	identifier: string;
	/** The invented person's name. */
	label: string;
	role: string;
	about: Text;
}

const people = 25;
const years = 2.1;

/** Whether nobody is there yet. */
export const isEmpty = async (ctx: Context): Promise<boolean> => (await selectAnybody(ctx)) === undefined;

/** Who may be tried at the sign-in; nobody outside the demonstration. */
export async function signIns(ctx: Context): Promise<SignIn[]> {
	const mark = ctx.settings.demonstration ? await selectMark(ctx, 'sign-ins') : undefined;
	return mark ? (JSON.parse(mark.value) as SignIn[]) : [];
}

/** What whoever starts the demonstration should know: who may sign in, and where messages show up. */
export async function welcome(ctx: Context): Promise<string[]> {
	const names = (await signIns(ctx)).map(({ identifier }) => identifier);
	if (names.length === 0) return [];
	const { name, id } = ctx.organisation.organisation;
	return [
		`Demonstration of ${name.en ?? id}: everybody in it is invented.`,
		`Sign in as ${names.join(', ')}; the password is ${password}.`,
		'Mail and SMS show up at /demo/mailbox.'
	];
}

const joinedAt = ({ sinceDays, random }: Member, now: Date) =>
	after(now, -(sinceDays ?? Math.round(365 * years) + random.whole(0, 200)), 'days');

function toRegister(
	member: Member,
	createdAt: Date,
	passwordHash: string,
	ids: ReadonlyMap<string, string>
): NewPerson {
	const { name, externalId, role, language, place, country, region, bornOn, phone, waits, guardians } =
		member;
	const identifiers = { email: `${name}@example.com`, username: name, ...(waits ? {} : { phone }) };
	const guardianIds = guardians.flatMap((guardian) => ids.get(guardian) ?? []);
	return {
		externalId,
		guardianIds,
		role,
		language,
		timeZone: place.timeZone,
		country,
		region,
		bornOn,
		identifiers,
		createdAt,
		consentHeld: !waits,
		passwordHash
	};
}

/** Fills an empty demonstration: people, profiles, records. A second call changes nothing. */
export async function populate(ctx: Context, seed = ctx.organisation.organisation.id): Promise<void> {
	if (!(await isEmpty(ctx))) return;
	const { organisation } = ctx;
	const script = readScript(organisation.folder);
	const now = ctx.clock.now();
	const cast = castOf(organisation, script, { seed, count: people, now }).map((member) => ({
		member,
		since: joinedAt(member, now)
	}));
	const ids = await registerCast(ctx, cast, await hashPassword(password));
	await hire(ctx, script);
	await checkRoutinely(ctx, script);
	const others = cast.map(({ member }) => member.externalId);
	await transaction(ctx, async (ctx) => {
		for (const { member, since } of cast) {
			const setting = {
				organisation,
				script,
				others: others.filter((id) => id !== member.externalId),
				now,
				joinedAt: since
			};
			await furnish(ctx, ids.get(member.name) as string, member, setting);
		}
		await insertMark(ctx, 'sign-ins', JSON.stringify(signInsOf(cast.map(({ member }) => member))));
	});
}

async function hire(ctx: Context, script: Script): Promise<void> {
	for (const member of script.staff) {
		const outcome = await staff.add(ctx, { ...member, password });
		if ('refused' in outcome) throw new Error(`${member.id}: ${outcome.refused}`);
	}
}

/** Each routine check was done once, a third of its time ago, but for the last one: a demonstration shows what is overdue too. */
async function checkRoutinely(ctx: Context, { staff: [officer] }: Script): Promise<void> {
	const member = (await staff.list(ctx)).find(({ id }) => id === officer?.id);
	if (!member) return;
	for (const { id, label, everyDays = 1, by } of ctx.organisation.controls.slice(0, -1)) {
		const doneOn = dayOf(after(ctx.clock.now(), -Math.floor(everyDays / 3), 'days'));
		if (by !== 'staff') await controls.done(ctx, by);
		else await controls.record(ctx, member, { control: id, doneOn, note: label.en ?? id });
	}
}

interface Casting {
	member: Member;
	since: Date;
}

/** Grown-ups first, so that a child's guardians are there. Answers ids by name. */
async function registerCast(
	ctx: Context,
	cast: readonly Casting[],
	passwordHash: string
): Promise<Map<string, string>> {
	const ids = new Map<string, string>();
	for (const some of [
		cast.filter(({ member }) => !member.guardians.length),
		cast.filter(({ member }) => member.guardians.length)
	]) {
		const outcomes = await registerMany(
			ctx,
			some.map(({ member, since }) => toRegister(member, since, passwordHash, ids))
		);
		for (const [index, outcome] of outcomes.entries()) {
			const { name } = (some[index] as Casting).member;
			if ('refused' in outcome) throw new Error(`${name}: ${outcome.refused} ${outcome.field ?? ''}`);
			ids.set(name, outcome.id);
		}
	}
	return ids;
}

/** Gives a registered person what they have gathered. */
async function furnish(ctx: Context, personId: string, member: Member, setting: Setting): Promise<void> {
	await insertProfileValues(ctx, personId, profileOf(member, setting), instant(setting.joinedAt));
	// What lies in a system outside was invented there, or not at all.
	const history = categoriesOf(setting.organisation, member.role)
		.filter(({ id, kind }) => kind === 'records' && !sourceOf(setting.organisation, id))
		.flatMap((category) =>
			recordsIn(category, member, setting).map(({ id, at, values }) => ({
				category: category.id,
				id,
				at: instant(at),
				fields: values
			}))
		);
	const outcome = await records.put(ctx, personId, history);
	if ('refused' in outcome) throw new Error(`${member.name}: ${outcome.refused}`);
	for (const { index, code, field } of outcome.problems)
		throw new Error(`${member.name}: ${history[index]?.category} ${field ?? ''} ${code}`);
	await share(ctx, personId, member, setting);
	await decide(ctx, personId, member, setting);
}

/**
 * Many people with little each, for benchmarks. Refuses `not-demonstration`, and `not-empty` where anybody is.
 * Answers how many seconds each part took.
 */
export async function generate(
	ctx: Context,
	light: Light,
	tell: Tell = () => undefined
): Promise<
	| { people: number; records: number; seconds: number; spent: Record<string, number> }
	| { refused: 'not-demonstration' | 'not-empty' }
> {
	if (!ctx.settings.demonstration) return { refused: 'not-demonstration' };
	if (!(await isEmpty(ctx))) return { refused: 'not-empty' };
	const begun = performance.now();
	const spent = await writeLight(ctx, light, password, tell);
	return {
		people: light.people,
		records: light.people * 3 + light.giant,
		seconds: (performance.now() - begun) / 1_000,
		spent
	};
}

const signInsOf = (cast: readonly Member[]): SignIn[] =>
	cast.flatMap(({ name, fullName, role, signIn }) =>
		signIn ? [{ identifier: name, label: fullName, role, about: signIn }] : []
	);
