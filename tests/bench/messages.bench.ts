// The outbox against the mail library that carries it, and the one-click way out against an endpoint that does nothing.
import autocannon from 'autocannon';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { find, type Person } from '../../src/lib/server/accounts/people.ts';
import type { Context } from '../../src/lib/server/context.ts';
import * as delivery from '../../src/lib/server/delivery/delivery.ts';
import { letterPlace, type Letter, type Template } from '../../src/lib/server/delivery/letters.ts';
import { mailOf } from '../../src/lib/server/delivery/transports/composing.ts';
import { closeTransports } from '../../src/lib/server/delivery/transports/transports.ts';
import { writeLetter } from '../../src/lib/server/delivery/writing.ts';
import { topicsOf } from '../../src/lib/server/organisation/lookup.ts';
import { open } from '../../src/lib/server/platform/keys/keys.ts';
import { transaction } from '../../src/lib/server/platform/database/transaction.ts';
import * as preferences from '../../src/lib/server/preferences/preferences.ts';
import { startEmpty } from './empty-kit.ts';
import { median } from './load.ts';
import { somePeople, within } from './people.ts';
import { candor, root, start, startPortal } from './processes.ts';
import type { Bench, Table } from './run.ts';

const people = 2_000;
const messages = 1_000;
const turns = 5;
const lanes = 10;
const connections = 16;
const seconds = 2;

export const bench: Bench = async () => {
	const folder = mkdtempSync(join(tmpdir(), 'candor-bench-'));
	candor(folder, 'generate', '--people', `${people}`, '--light');
	try {
		return [await outbox(folder), await oneClick(folder)];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
};

interface Turn {
	perSecond: number;
	/** Processor time of this process a message, in microseconds. */
	processor: number;
}

async function timed(work: () => Promise<unknown>): Promise<Turn> {
	const cpu = process.cpuUsage();
	const begun = performance.now();
	await work();
	const { user, system } = process.cpuUsage(cpu);
	return {
		perSecond: (messages / (performance.now() - begun)) * 1_000,
		processor: (user + system) / messages
	};
}

const campaign = { channel: 'email', topic: 'class-news' } as const;

/** Whoever of them can get it says yes to it first. */
async function readers(ctx: Context): Promise<Person[]> {
	const found = await Promise.all((await somePeople(ctx, people)).map((id) => find(ctx, id)));
	const willing: Person[] = [];
	for (const person of found) {
		if (!person || willing.length === messages) continue;
		const set = await preferences.set(ctx, person, [{ ...campaign, allowed: true }], { origin: 'page' });
		const { allowed } = await preferences.mayContact(ctx, person, campaign.channel, campaign.topic);
		if (!('refused' in set) && allowed) willing.push(person);
	}
	if (willing.length < messages) throw new Error(`only ${willing.length} people can be written to`);
	return willing;
}

/** A campaign: a message about a topic to each of them, with its way out. */
async function write(ctx: Context, recipients: readonly Person[]): Promise<void> {
	await transaction(ctx, async (ctx) => {
		for (const person of recipients)
			await delivery.send(ctx, person.id, {
				...campaign,
				template: 'topic-sample',
				values: { topic: 'news' },
				unsubscribeUrl: preferences.makeUnsubscribeUrl(ctx, person, campaign.channel, campaign.topic)
			});
	});
}

/** As the library would be used by itself: the same mails, the same number of connections. */
async function alone(ctx: Context, url: string): Promise<Turn> {
	const rows = await ctx.db.selectFrom('outbox').selectAll().where('state', '=', 'waiting').execute();
	const mails: ReturnType<typeof mailOf>[] = [];
	for (const { id, personId, template, createdAt, sealed } of rows) {
		const letter = open<Letter>(await ctx.keys.of(personId), letterPlace(id), sealed);
		const written = writeLetter(ctx, template as Template, letter);
		mails.push(mailOf(ctx, { id, createdAt, letter, written, handOver: () => Promise.resolve() }));
	}
	const pool = createTransport({ url, pool: true, maxConnections: lanes, maxMessages: 10_000 });
	const turn = await timed(() => Promise.all(mails.map((mail) => pool.sendMail(mail))));
	pool.close();
	return turn;
}

async function byOutbox(ctx: Context): Promise<Turn> {
	const kinds = ctx.work.filter(({ name }) => name.startsWith('delivery'));
	const turn = await timed(async () => {
		for (const kind of kinds) while ((await kind.run(ctx)) > 0);
	});
	const { left } = await ctx.db
		.selectFrom('outbox')
		.select(({ fn }) => fn.countAll<number>().as('left'))
		.where('state', '!=', 'sent')
		.executeTakeFirstOrThrow();
	if (Number(left)) throw new Error(`${left} messages were not sent`);
	await ctx.db.deleteFrom('outbox').execute();
	return turn;
}

async function outbox(folder: string): Promise<Table> {
	const server = await start(join(root, 'tests/bench/mail-sink.ts'), {});
	const url = server.address.replace('http:', 'smtp:');
	const taken: { alone: Turn; outbox: Turn }[] = [];
	await within(folder, async (demonstration) => {
		const settings = { ...demonstration.settings, demonstration: false, smtpUrl: url };
		const ctx = { ...demonstration, settings };
		await ctx.db.deleteFrom('outbox').execute();
		const recipients = await readers(ctx);
		for (let turn = -1; turn < turns; turn += 1) {
			await write(ctx, recipients);
			const both = { alone: await alone(ctx, url), outbox: await byOutbox(ctx) };
			if (turn >= 0) taken.push(both);
		}
		closeTransports(settings);
	});
	await server.stop();
	const middle = (of: (turn: (typeof taken)[number]) => number) => median(taken.map(of));
	const row = (name: string, way: 'alone' | 'outbox') => [
		name,
		Math.round(middle((turn) => turn[way].perSecond)).toLocaleString('en'),
		Math.round(middle((turn) => turn[way].processor)).toLocaleString('en')
	];
	const ratio = middle((turn) => turn.outbox.perSecond / turn.alone.perSecond);
	const byProcessor = middle((turn) => turn.alone.processor / turn.outbox.processor);
	return {
		title: `Outbox, ${messages.toLocaleString('en')} messages to a mail server on loopback`,
		columns: ['', 'messages/s', 'processor time, µs a message'],
		rows: [
			row('nodemailer alone, same mails, ten connections', 'alone'),
			row('the outbox', 'outbox'),
			['ratio (asked: 0.7)', ratio.toFixed(2), byProcessor.toFixed(2)]
		],
		note: `The outbox opens the seal, writes the letter, asks whether it may still go, and writes down each step; nodemailer is given finished mails. Medians of ${turns} turns by turns.`
	};
}

/** Ways out, each of one person, way and topic; what has been posted once is not written again. */
async function waysOut(ctx: Context): Promise<string[]> {
	const rows = await ctx.db.selectFrom('person').select(['personId', 'role', 'language']).execute();
	return rows.flatMap(({ personId, role, language }) =>
		topicsOf(ctx.organisation, role)
			.filter(({ essential }) => !essential)
			.flatMap(({ id, channels }) =>
				channels.map((channel) => {
					const person = { id: personId, role, language };
					return new URL(preferences.makeUnsubscribeUrl(ctx, person, channel, id)).pathname;
				})
			)
	);
}

/** Of how many of these ways out the ledger does not say no. */
const missing = (folder: string, posted: readonly string[]): Promise<number> =>
	within(folder, async (ctx) => {
		const rows = await ctx.db
			.selectFrom('preferenceChange')
			.select(['personId', 'channel', 'topic'])
			.where('allowed', '=', 0)
			.execute();
		const off = new Set(rows.map(({ personId, channel, topic }) => `${personId} ${channel} ${topic}`));
		return posted.filter((path) => {
			const way = preferences.readUnsubscribeToken(ctx, path.split('/').at(-1) ?? '');
			return !way || !off.has(`${way.personId} ${way.channel} ${way.topic}`);
		}).length;
	});

async function posts(
	address: string,
	next: () => string | undefined
): Promise<{ rate: number; posted: number }> {
	const { requests, duration, errors, non2xx } = await autocannon({
		url: address,
		connections,
		duration: seconds,
		method: 'POST',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: 'List-Unsubscribe=One-Click',
		requests: [{ setupRequest: (request) => ({ ...request, path: next() ?? request.path }) }]
	});
	if (errors || non2xx) throw new Error(`${errors} errors, ${non2xx} answers that are no success`);
	return { rate: requests.total / duration, posted: requests.total };
}

async function oneClick(folder: string): Promise<Table> {
	const paths = await within(folder, waysOut);
	const portal = await startPortal(folder);
	const { kit, bare } = await startEmpty();
	await bare.stop();
	const rates: { portal: number; kit: number }[] = [];
	let answered = 0;
	const given: string[] = [];
	const next = () => {
		const path = paths.pop();
		if (path) given.push(path);
		return path;
	};
	for (let turn = -1; turn < turns; turn += 1) {
		const ours = await posts(portal.address, next);
		const theirs = await posts(kit.address, () => '/post');
		answered += ours.posted;
		if (turn >= 0) rates.push({ portal: ours.rate, kit: theirs.rate });
	}
	await portal.stop();
	await kit.stop();
	const lost = await missing(folder, given);
	const middle = (of: (turn: (typeof rates)[number]) => number) => median(rates.map(of));
	return {
		title: `One-click POSTs, ${connections} connections`,
		columns: ['', 'requests/s'],
		rows: [
			['a bare SvelteKit endpoint', Math.round(middle(({ kit }) => kit)).toLocaleString('en')],
			['the way out of a message', Math.round(middle(({ portal }) => portal)).toLocaleString('en')],
			['ratio (asked: 0.4)', middle(({ portal, kit }) => portal / kit).toFixed(2)]
		],
		note: `${answered.toLocaleString('en')} answers of 200, ${given.length.toLocaleString('en')} ways out given (the last of a turn are cut off before their answer); of ${lost} of them the ledger does not say no, at most ${connections} a turn may be cut off before they are read. ${paths.length ? 'Each was about another choice.' : 'THE WAYS OUT RAN OUT: some posts repeated one another.'}`
	};
}
