// A campaign of stops, starts and sends: no stop is lost, nothing leaves after a stop was acknowledged, and no message twice for one
// key that the mail server has taken. What the process was told is written into a file, which outlives it: its database might lie.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { find } from '../../../src/lib/server/accounts/accounts.ts';
import type { Context } from '../../../src/lib/server/context.ts';
import * as delivery from '../../../src/lib/server/delivery/delivery.ts';
import { randomFrom, type Random } from '../../../src/lib/server/demonstration/random.ts';
import { startWorker } from '../../../src/lib/server/platform/work/work.ts';
import * as preferences from '../../../src/lib/server/preferences/preferences.ts';
import { somebody } from '../../support/people.ts';
import { scenario, type World } from './scenario.ts';

interface Given {
	people: string[];
	seed: string;
}

/** What was asked of the portal, and what it answered; instants of the machine, not of the moved clock. */
interface Line {
	person: string;
	what: 'start' | 'stop' | 'send';
	said: 'asked' | 'answered';
	at: number;
}

const topic = 'readings';
const choice = { channel: 'email', topic };
/** So many times somebody is written to, stops or starts before the process comes to its end. */
const stepsInAll = 200;
const campaigns = 20;
/** Longer at times than a message takes, shorter at others: a stop is to meet messages at every step of their way. */
const mostPause = 30;

const journalOf = (dataFolder: string) => join(dataFolder, '..', 'journal');

function linesOf(dataFolder: string): Line[] {
	const file = journalOf(dataFolder);
	if (!existsSync(file)) return [];
	const text = readFileSync(file, 'utf8');
	// The last line of a process that was killed may be half a line.
	return text
		.split('\n')
		.filter((line) => line.endsWith('}'))
		.map((line) => JSON.parse(line) as Line);
}

async function prepare({ ctx, random }: World): Promise<Given> {
	const people: string[] = [];
	for (let number = 0; number < 12; number += 1)
		people.push((await somebody(ctx, { language: 'en', name: `reader-${number}` })).id);
	return { people, seed: String(random.fraction()) };
}

async function told(ctx: Context, line: Pick<Line, 'person' | 'what'>, work: () => Promise<unknown>) {
	const say = (said: Line['said']) =>
		appendFileSync(
			journalOf(ctx.settings.dataFolder),
			`\n${JSON.stringify({ ...line, said, at: Date.now() })}\n`
		);
	say('asked');
	await work();
	say('answered');
}

/** Written to once per campaign, however often the process is begun anew. */
async function write(ctx: Context, personId: string, campaign: number): Promise<void> {
	const person = await find(ctx, personId);
	if (!person || !(await preferences.mayContact(ctx, person, 'email', topic)).allowed) return;
	const key = `campaign-${campaign}`;
	await delivery.send(ctx, personId, {
		template: 'topic-sample',
		values: { topic: `${key} to ${personId}` },
		topic,
		key
	});
}

async function step(ctx: Context, { people }: Given, random: Random): Promise<void> {
	const person = random.pick(people);
	const what = random.pick(['start', 'start', 'stop', 'send', 'send', 'send'] as const);
	if (what === 'send')
		return told(ctx, { person, what }, () => write(ctx, person, random.whole(1, campaigns)));
	const somebody = await find(ctx, person);
	assert.ok(somebody);
	await told(ctx, { person, what }, () =>
		preferences.set(ctx, somebody, [{ ...choice, allowed: what === 'start' }], { origin: 'page' })
	);
}

async function isEmpty(ctx: Context): Promise<boolean> {
	const row = await ctx.db
		.selectFrom('outbox')
		.select('id')
		.where('state', 'in', ['waiting', 'sending'])
		.executeTakeFirst();
	return row === undefined;
}

async function drive(ctx: Context, given: Given): Promise<void> {
	const worker = startWorker({ ...ctx, work: ctx.work.filter(({ name }) => name.startsWith('delivery')) }, 5);
	const lines = linesOf(ctx.settings.dataFolder).length;
	const random = randomFrom(`${given.seed} ${lines}`);
	for (let done = lines / 2; done < stepsInAll; done += 1) {
		await step(ctx, given, random);
		await pause(random.whole(0, mostPause));
	}
	while (!(await isEmpty(ctx))) await pause(mostPause);
	await worker.stop();
}

/** The newest decision that the person was told of, unless they made another one of which they were told nothing. */
function standing(lines: readonly Line[], person: string): 'start' | 'stop' | 'either' | undefined {
	const decisions = lines.filter((line) => line.person === person && line.what !== 'send');
	const last = decisions.at(-1);
	if (!last) return undefined;
	return last.said === 'answered' ? (last.what as 'start' | 'stop') : 'either';
}

/** Whether the person had been told that it is stopped, and had not asked for anything since. */
function wasStopped(lines: readonly Line[], person: string, at: number): boolean {
	const last = lines.findLast((line) => line.person === person && line.what !== 'send' && line.at < at);
	return last?.what === 'stop' && last.said === 'answered';
}

async function checkKilled({ ctx, mails }: World, { people }: Given): Promise<void> {
	const lines = linesOf(ctx.settings.dataFolder);
	const subjects = mails.map(({ subject }) => subject);
	assert.equal(new Set(subjects).size, subjects.length, 'a message was taken twice for one key');
	for (const id of people) {
		const person = await find(ctx, id);
		assert.ok(person);
		const { allowed } = await preferences.mayContact(ctx, person, 'email', topic);
		const decided = standing(lines, id);
		if (decided === 'stop' || decided === 'start')
			assert.equal(allowed, decided === 'start', `the ${decided} of ${id} is lost`);
		for (const { at, subject } of mails)
			if (subject.includes(id))
				assert.ok(!wasStopped(lines, id, at), `${subject} came after the stop was acknowledged`);
	}
}

async function check(world: World, given: Given): Promise<void> {
	await checkKilled(world, given);
	const { ctx, mails, kills } = world;
	const rows = await ctx.db.selectFrom('outbox').select(['id', 'state', 'sealed']).execute();
	const arrived = new Set(mails.map(({ id }) => id.slice(1).split('@')[0] as string));
	for (const { id, state, sealed } of rows) {
		assert.ok(['sent', 'withheld', 'unconfirmed'].includes(state), `${id} is ${state}`);
		if (state === 'sent') assert.ok(arrived.has(id), `${id} never came`);
		if (state === 'withheld') assert.ok(!arrived.has(id), `${id} came although it was withheld`);
		if (state !== 'unconfirmed') assert.equal(sealed.length, 0);
	}
	assert.ok(arrived.size > 0, 'nothing was sent at all');
	const open = rows.filter(({ state }) => state === 'unconfirmed').length;
	assert.ok(open === 0 || kills > 0, 'without a kill, what became of each message is known');
}

export const messages = scenario<Given>({
	name: 'messages',
	slowMail: true,
	leastKills: { few: 5, many: 50 },
	prepare,
	drive,
	checkKilled,
	check
});
