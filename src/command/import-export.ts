// `candor import export.zip`: what another portal gave out comes in here as far as it fits; of the rest it is told what and why.
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import type { Person } from '../lib/server/accounts/accounts.ts';
import { find } from '../lib/server/accounts/people.ts';
import type { Context } from '../lib/server/context.ts';
import { answer } from './answer.ts';
import { rowsIn, withZip } from './export-rows.ts';
import { nothingTaken, wayOf, type Taken } from './import-taking.ts';
import { personOrEnd } from './person.ts';
import { progressOf } from './progress.ts';
import { Refused } from './refused.ts';
import { sentenceOf } from './sentences.ts';
import { keysIn } from './verify-keys.ts';
import { manifestIn, manifestType, verifyVolumes, type Manifest } from './verify-export.ts';
import { isLocked } from './verify-file.ts';
import { withPortal } from './with-portal.ts';

interface Options {
	person: string;
	keys?: string;
	ofSomebodyElse?: boolean;
}

export function addImportExport(group: Command): void {
	group
		.command('zip', { isDefault: true })
		.description(
			'An export of another portal (all volumes at once): records, values and every no to messages, as far as they fit. Running it twice changes nothing.'
		)
		.argument('<zip...>', 'the export’s files')
		.requiredOption('--person <id>', 'external id of the person here who takes it over')
		.option(
			'--keys <file>',
			'the public keys of the portal that made it, as its /.well-known/jwks.json gives them; this portal’s own without it'
		)
		.option(
			'--of-somebody-else',
			'take an export of this portal in although it is about another person here than --person'
		)
		.action((paths: string[], options: Options, command: Command) => run(paths, options, command));
}

async function checkFiles(paths: readonly string[]): Promise<void> {
	for (const path of paths) {
		if (!existsSync(path)) throw new Refused([`There is no file ${path}.`], 2);
		if (await isLocked(path))
			throw new Refused([
				`${path} is locked with a passphrase. Only its person can open it: age --decrypt --output export.zip ${path}`
			]);
	}
}

async function run(paths: readonly string[], options: Options, command: Command): Promise<void> {
	await checkFiles(paths);
	const { keys, ofSomebodyElse = false } = options;
	const { whose, taken } = await withPortal(async (ctx) => {
		const believed = keys ? await keysIn(keys) : (await ctx.signer.publicKeys()).keys;
		const { problems } = await verifyVolumes(paths, believed);
		if (problems.length)
			throw new Refused(['Nothing was taken, because the export does not fit:', ...problems]);
		const person = await personOrEnd(ctx, options.person);
		const whose = await whoseOf(ctx, person, paths[0] as string);
		if (whose.somebodyElse && !ofSomebodyElse)
			throw new Refused([
				...saidOf(whose),
				'Nothing was taken: this portal made the export, and it is about somebody else here. --of-somebody-else takes it all the same.'
			]);
		return { whose, taken: await takeAll(ctx, person, paths) };
	});
	answer(command, { export: whose, files: taken }, [...saidOf(whose), ...reportOf(taken)]);
}

/** Whose export it is, as it says itself. */
interface Whose extends Pick<Manifest, 'person' | 'created' | 'organisation' | 'language'> {
	/** False where it says that something is missing in it. */
	complete: boolean;
	/** This portal made it, about a person here who is not the one it is to be given to. */
	somebodyElse: boolean;
}

/** Reads it from a volume that was checked. */
export const whoseOf = (ctx: Context, person: Person, path: string): Promise<Whose> =>
	withZip(path, async (file) => {
		const bytes = async (name: string) => Buffer.concat(await Array.fromAsync((await file(name)) ?? []));
		const [content, jws] = [await bytes('manifest.json'), (await bytes('manifest.jws')).toString().trim()];
		const manifest = manifestIn(content);
		if (!manifest) throw new Refused([`${path} has no manifest of an export.`]);
		const { person: about, created, organisation, language, complete = true } = manifest;
		const isOther = about !== person.id && (await find(ctx, about)) !== undefined;
		const somebodyElse = isOther && (await ctx.signer.fits(manifestType, jws, content));
		return { person: about, created, organisation, language, complete, somebodyElse };
	});

const saidOf = ({ person, created, organisation, language, complete }: Whose): string[] => [
	`An export of ${organisation ? `${organisation.name} (${organisation.id})` : 'a portal'} about ${person}, made ${created}${language ? ` in ${language}` : ''}; ${complete ? 'nothing is missing in it' : 'it is partial: something is missing in it'}.`
];

/** Takes what fits of every volume; what is told of a file counts over all of them. */
export async function takeAll(ctx: Context, person: Person, paths: readonly string[]): Promise<Taken[]> {
	const byPath = new Map<string, Taken>();
	for (const path of paths)
		await withZip(path, async (file) => {
			const manifest = manifestIn(Buffer.concat(await Array.fromAsync((await file('manifest.json')) ?? [])));
			const files = filesIn(manifest);
			if (files > 0) {
				const taken = byPath.get('files') ?? nothingTaken('files');
				byPath.set('files', taken);
				taken.left['file-not-taken'] = (taken.left['file-not-taken'] ?? 0) + files;
			}
			for (const { path: name, records } of dataFiles(manifest)) {
				const of = name.slice(0, -'.json'.length);
				const taken = byPath.get(of) ?? nothingTaken(of);
				byPath.set(of, taken);
				const way = wayOf(ctx, person, of);
				const content = await file(name);
				if (typeof way === 'function' && content) await way(ctx, person, watched(rowsIn(content), of), taken);
				else if ('refused' in way) taken.left[way.refused] = (taken.left[way.refused] ?? 0) + records;
			}
		});
	return [...byPath.values()];
}

/** JSON is the truth; schemas and what describes the export itself hold nothing of the person. */
const dataFiles = (manifest: Manifest | undefined): { path: string; records: number }[] =>
	(manifest?.files ?? [])
		.filter(
			({ path, records = 0 }) => path.endsWith('.json') && !/^(schemas|files)\//.test(path) && records > 0
		)
		.map(({ path, records = 0 }) => ({ path, records }));

/** Pictures and the like. */
const filesIn = (manifest: Manifest | undefined): number =>
	(manifest?.files ?? []).filter(({ path }) => path.startsWith('files/')).length;

async function* watched<Row>(rows: AsyncIterable<Row>, name: string): AsyncGenerator<Row> {
	const progress = progressOf(0);
	let done = 0;
	for await (const row of rows) {
		yield row;
		progress.show(++done, `${name}: ${done}`);
	}
	progress.end();
}

const said: readonly (readonly [keyof Taken & ('taken' | 'replaced' | 'unchanged'), string])[] = [
	['taken', 'taken'],
	['replaced', 'replaced'],
	['unchanged', 'unchanged']
];

function lineOf(taken: Taken): string[] {
	const counts = said.filter(([name]) => taken[name] > 0).map(([name, word]) => `${taken[name]} ${word}`);
	const left = Object.entries(taken.left).map(([what, count]) => {
		const code = what.split(': ').at(-1) as string;
		return `    ${count} not taken, ${what}: ${sentenceOf(code)}`;
	});
	return [`${taken.path}: ${counts.join(', ') || 'nothing'}.`, ...left];
}

function reportOf(taken: readonly Taken[]): string[] {
	const all = said.map(([name, word]) => `${taken.reduce((sum, one) => sum + one[name], 0)} ${word}`);
	const left = taken.reduce((sum, one) => sum + Object.values(one.left).reduce((a, b) => a + b, 0), 0);
	return [...taken.flatMap(lineOf), `${all.join(', ')}, ${left} not taken.`];
}
