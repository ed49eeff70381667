import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import jsonld from 'jsonld';
import { expect, test } from 'vitest';
import { alice, as } from '../../../../../tests/support/people.ts';
import { portalForTest } from '../../../../../tests/support/portal-for-test.ts';
import { shippedLanguages } from '../../../i18n/catalogues.ts';
import type { Context } from '../../context.ts';
import * as disclosures from '../../disclosures/disclosures.ts';
import type { Part, Row } from '../../personal-data-contract.ts';
import { set } from '../../profile/profile.ts';
import * as records from '../../records/records.ts';
import type { Job, ViewedPart, ViewedVolume, WholePart } from '../job.ts';
import { pagesOf } from './pages.ts';

const portal = portalForTest({ description: 'examples/classerium' });

const jobOf = (personId: string, language: string): Job => ({
	personId,
	exportId: 'export',
	categories: undefined,
	language,
	timeZone: 'Europe/Madrid',
	path: ''
});

const wholeOf = (part: Part, more: Partial<WholePart>): WholePart => ({
	part,
	...{ expected: part.expected, included: 0, outside: 0, leftOut: new Map(), leftOutRows: 0 },
	...{ reason: undefined, reasons: {}, ...more }
});

/** A part as if it had been written into a volume. */
function viewed(part: Part, rows: readonly Row[], more: Partial<ViewedPart> = {}): ViewedPart {
	const file = {
		path: `${part.path}.json`,
		bytes: 10,
		sha256: '',
		records: rows.length,
		source: part.source
	};
	const included = more.included ?? rows.length;
	return {
		part,
		whole: wholeOf(part, { included }),
		files: [{ ...file, complete: true }],
		included,
		async *rows() {
			yield rows;
		},
		heldFiles: [],
		...more
	};
}

async function collected(ctx: Context, personId: string, language = 'en'): Promise<ViewedPart[]> {
	const parts: ViewedPart[] = [];
	for (const contract of ctx.contracts)
		for (const part of await contract.collect(ctx, personId, undefined, language)) {
			const rows = (await Array.fromAsync(part.pages())).flat();
			parts.push(viewed(part, rows));
		}
	return parts;
}

async function written(
	ctx: Context,
	job: Job,
	parts: readonly ViewedPart[],
	volume: Partial<ViewedVolume> = {}
): Promise<Map<string, string>> {
	const files = new Map<string, string>();
	const all = parts.map(({ whole }) => whole);
	for await (const { path, content } of pagesOf(ctx, job, { number: 1, last: 1, parts, all, ...volume })) {
		expect(files.has(path), path).toBe(false);
		files.set(path, (await Array.fromAsync(content)).join(''));
	}
	return files;
}

const file = (files: ReadonlyMap<string, string>, path: string): string => {
	const text = files.get(path);
	if (text === undefined) throw new Error(`${path} is not there`);
	return text;
};

const visits = (count: number) =>
	Array.from({ length: count }, (_, index) => ({
		category: 'visits',
		id: `visit-${index}`,
		at: '2026-11-20T09:00:00.000Z',
		origin: undefined,
		fields: { page: `/courses/<b>${index}</b>` }
	}));

/** Alice with a profile, records, a transfer to a partner. */
async function somebodyWithData(ctx: Context) {
	const person = await alice(ctx);
	await set(as(ctx, person), person, { name: 'Alice & <Bob>' }, 'sign-up');
	expect(await records.put(ctx, person.id, visits(3))).not.toHaveProperty('refused');
	return person;
}

test('a person reads every category in words, in every language, without network or script', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	for (const language of shippedLanguages) {
		const files = await written(ctx, jobOf(person.id, language), await collected(ctx, person.id, language));
		const pages = [...files].filter(([path]) => path.endsWith('.html'));
		expect(pages.map(([path]) => path)).toContain('pages/visits.html');
		for (const [path, text] of pages) {
			expect(text, path).toContain(`lang="${language}"`);
			expect(text, path).toContain('default-src &#39;none&#39;');
			expect(text, path).not.toMatch(/<script|<link|<iframe|style="|\son[a-z]+=|src="(?!\.\.\/files\/)/);
			// Whatever a page links to lies in the folder, or is an address that somebody may go to.
			for (const [, address = ''] of text.matchAll(/<a href="([^"#]+)/g)) {
				if (/^https?:/.test(address)) continue;
				const target = new URL(address, `file:///${path}`).pathname.slice(1);
				expect(known(files, target), `${path} → ${target}`).toBe(true);
			}
		}
		expect(file(files, 'pages/identity.html')).toContain('Alice &amp; &lt;Bob&gt;');
		expect(file(files, 'pages/visits.html')).toContain('&lt;b&gt;2&lt;/b&gt;');
		expect(file(files, 'index.html')).toContain('id="rights"');
	}
});

/** Parts and the manifest are written by others. */
const known = (files: ReadonlyMap<string, string>, path: string) =>
	files.has(path) || /^(data|sharing|messages|security|family)\/|^[a-z-]+\.json$|^manifest\.jws$/.test(path);

test('who received something is named with the days, and every fact of the law has its line', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const given = { partner: 'sendgrid', fields: ['contact.email'], purpose: 'account-messages' };
	const at = new Date('2026-11-01T09:00:00.000Z');
	await disclosures.releaseMany(ctx, [{ personId: person.id, disclosure: { ...given, at } }]);
	const files = await written(ctx, jobOf(person.id, 'en'), await collected(ctx, person.id));
	const page = file(files, 'pages/contact.html');
	expect(page).toMatch(/SendGrid<\/bdi>, United States \(Works on our behalf\): once, on November 1, 2026/);
	for (const letter of 'abcdefgh') expect(page).toContain(`GDPR Art. 15(1)(${letter})`);
	expect(file(files, 'index.html')).toMatch(/<svg class="wide".*<title>.*SendGrid/);
	expect(file(files, 'pages/identity.html')).toContain('Nobody has received anything of this so far.');
});

test('what is missing is said on the first page and on its own, with number and reason', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const parts = (await collected(ctx, person.id)).map((one) =>
		one.part.category === 'visits'
			? {
					...one,
					whole: wholeOf(one.part, {
						...{ expected: 9, included: 3, leftOut: new Map([['foreign', 2]]), leftOutRows: 2 },
						...{ reason: 'source-failed', reasons: { 'source-failed': 4 } }
					})
				}
			: one
	);
	const files = await written(ctx, jobOf(person.id, 'en'), parts);
	for (const path of ['index.html', 'pages/visits.html']) {
		expect(file(files, path), path).toContain('3 of 9 entries are in this download.');
		expect(file(files, path), path).toContain('the system that keeps them answered no more');
		expect(file(files, path), path).toContain('2 were left out: it belongs to somebody else.');
	}
	expect(file(files, 'pages/identity.html')).not.toContain('class="partial"');
});

test('every volume says what is missing in any of them; what was only refused is missing nowhere', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const parts = await collected(ctx, person.id);
	const partOf = (id: string) => parts.find(({ part }) => part.category === id) as ViewedPart;
	const [visits, identity] = [partOf('visits'), partOf('identity')];
	const failed = wholeOf(visits.part, {
		...{ expected: 902, included: 900, reason: 'source-failed', reasons: { 'source-failed': 2 } }
	});
	const refused = wholeOf(identity.part, { included: 1, leftOut: new Map([['foreign', 1]]), leftOutRows: 1 });
	const volume = { number: 2, last: 2, all: [failed, refused] };
	// The failed part lies in the other volume alone.
	const second = await written(ctx, jobOf(person.id, 'en'), [{ ...identity, whole: refused }], volume);
	expect(file(second, 'index.html')).toContain('900 of 902 entries are in this download.');
	expect(file(second, 'index.html')).not.toContain('belongs to somebody else');
	expect(second.has('pages/visits.html')).toBe(false);
	const both = await written(ctx, jobOf(person.id, 'en'), [{ ...visits, whole: failed }], volume);
	expect(file(both, 'pages/visits.html')).toContain('900 of 902 entries');
	const alone = await written(ctx, jobOf(person.id, 'en'), [{ ...identity, whole: refused }]);
	expect(file(alone, 'index.html')).not.toContain('id="missing"');
	// Its rows stand in the volume before, its pictures here.
	const pictures = [{ path: 'files/visits/1.png', name: '1.png', mediaType: 'image/png' }];
	const rest = { ...visits, included: 0, rows: async function* () {}, heldFiles: pictures };
	const further = await written(ctx, jobOf(person.id, 'en'), [rest]);
	expect(file(further, 'pages/visits.html')).toContain('src="../files/visits/1.png"');
	expect(file(further, 'pages/visits.html')).not.toContain('Nothing is held here.');
});

test('a download of chosen kinds or times, or of what was missing, says so on its first page', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const job = {
		...jobOf(person.id, 'en'),
		...{ categories: ['visits', 'portal.activity'], completes: 'earlier' },
		span: { since: '2026-10-31T23:00:00.000Z', until: '2026-11-19T23:00:00.000Z' }
	};
	const parts = (await collected(ctx, person.id)).filter(({ part }) => part.category === 'visits');
	const none = parts.map((one) => ({
		...{ ...one, included: 0, rows: async function* () {} },
		whole: wholeOf(one.part, { outside: 3 })
	}));
	const index = file(await written(ctx, job, none), 'index.html');
	expect(index).toContain('from November 1, 2026 to November 19, 2026: nothing earlier or later is in here');
	expect(index).toMatch(/You chose what is in here: [^.]+ and [^.]+\. Nothing else is\./);
	expect(index).toContain('only what was missing in an earlier download');
	expect(index).toContain('Nothing of the chosen time is held of:');
	expect(index).not.toContain('Nothing is held of:');
	const some = parts.map((one) => ({ ...one, whole: wholeOf(one.part, { included: 3, outside: 9 }) }));
	expect(file(await written(ctx, job, some), 'pages/visits.html')).toContain('from November 1, 2026');
	const all = file(await written(ctx, jobOf(person.id, 'en'), parts), 'index.html');
	expect(all).not.toContain('You chose');
});

test('what an organisation calls as the portal does is still its own', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const fields = ['language', 'page', 'country', 'origin'].map((id) => ({ id, type: 'text', label: id }));
	const row = { language: 'Ada', page: '12', country: 'in', origin: 'sign-up' };
	const part = (change: Partial<Part>): Part => ({
		...{ path: 'data/visits', category: 'visits', source: 'shop', shape: 'table', fields, expected: 1 },
		...{ async *pages() {}, ...change }
	});
	const own = part({ path: 'activity', category: 'portal.activity' });
	const files = await written(ctx, jobOf(person.id, 'en'), [viewed(part({}), [row]), viewed(own, [row])]);
	for (const value of ['Ada', '12', 'in'])
		expect(file(files, 'pages/visits.html')).toContain(`<bdi>${value}</bdi>`);
	expect(file(files, 'pages/visits.html')).not.toContain('<bdi>sign-up</bdi>');
	expect(file(files, 'pages/portal.activity.html')).toContain('Adangme');
});

test('many rows are turned page by page, and beyond what anybody reads the files are named', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const [part] = (await collected(ctx, person.id)).filter(({ part }) => part.category === 'visits');
	let read = 0;
	const many = viewed((part as ViewedPart).part, [], {
		included: 1_000_000,
		async *rows() {
			for (let page = 0; page < 1_000; page++) {
				read++;
				yield Array.from({ length: 1_000 }, (_, row) => ({ id: `${page}-${row}`, page: '/' }));
			}
		}
	});
	const files = await written(ctx, jobOf(person.id, 'en'), [many]);
	const pages = [...files.keys()].filter((path) => path.startsWith('pages/visits.'));
	expect(pages).toHaveLength(10);
	expect(read).toBe(5);
	expect(file(files, 'pages/visits.2.html')).toContain('href="visits.html" rel="prev"');
	expect(file(files, 'pages/visits.10.html')).toContain('The newest 5,000 of 1,000,000 are shown here');
	expect(file(files, 'pages/visits.10.html')).toContain('>4-999<');
	expect(Buffer.byteLength(file(files, 'pages/visits.10.html'))).toBeLessThan(300_000);
});

test('pictures are shown from the folder; what could run is a link', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const heldFiles = [
		{ path: 'files/visits/1.png', name: 'Screen.png', mediaType: 'image/png' },
		{ path: 'files/visits/2.svg', name: '"><script>', mediaType: 'image/svg+xml' }
	];
	const parts = (await collected(ctx, person.id)).map((one) =>
		one.part.category === 'visits' ? { ...one, heldFiles } : one
	);
	const page = file(await written(ctx, jobOf(person.id, 'ko'), parts), 'pages/visits.html');
	expect(page).toContain('<img src="../files/visits/1.png" alt="Screen.png"');
	expect(page).not.toContain('img src="../files/visits/2.svg"');
	expect(page).toContain('href="../files/visits/2.svg"');
	expect(page).not.toContain('<script>');
});

test('a row that names a picture shows that one, and no other of the same last name', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const [visits] = (await collected(ctx, person.id)).filter(({ part }) => part.category === 'visits');
	const { part } = visits as ViewedPart;
	const fields = [...part.fields, { id: 'cover', type: 'image', label: { en: 'Cover' } }];
	const rows = ['in', 'out'].map((folder) => ({ id: folder, at: '2026-01-01', cover: `${folder}/1.png` }));
	const heldFiles = ['in', 'out'].map((folder) => ({
		...{ path: `files/visits/${folder}-cover.png`, written: `${folder}/1.png` },
		...{ name: '1.png', mediaType: 'image/png' }
	}));
	const shown = viewed({ ...part, fields }, rows, { heldFiles });
	const page = file(await written(ctx, jobOf(person.id, 'en'), [shown]), 'pages/visits.html');
	for (const folder of ['in', 'out'])
		expect(page).toContain(`<img src="../files/visits/${folder}-cover.png" alt="${folder}/1.png"`);
});

test('every file fits its schema, and a changed one does not', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const parts = await collected(ctx, person.id);
	const files = await written(ctx, jobOf(person.id, 'en'), parts);
	const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
	addFormats.default(ajv);
	for (const { part, rows } of parts) {
		const name = part.path.startsWith('data/') ? part.path.slice(5) : `portal/${part.series ?? part.path}`;
		const fits = ajv.compile(JSON.parse(file(files, `schemas/${name}.schema.json`)) as object);
		// As they stand in the file.
		const written = JSON.parse(JSON.stringify((await Array.fromAsync(rows())).flat())) as Row[];
		expect([part.path, fits(written), fits.errors]).toEqual([part.path, true, null]);
		expect(fits([...written, { ...written[0], unknown: 1 }]), part.path).toBe(false);
	}
});

/** Its types know neither promises without a callback nor the safe mode. */
const { expand, toRDF: toRdf } = jsonld as unknown as Record<
	'expand' | 'toRDF',
	(document: unknown, options: object) => Promise<unknown[]>
>;

test('programs that know schema.org and DPV read the data without fetching anything', async () => {
	const ctx = portal.as();
	const person = await somebodyWithData(ctx);
	const parts = await collected(ctx, person.id);
	const files = await written(ctx, jobOf(person.id, 'en'), parts);
	const document = JSON.parse(file(files, 'context.jsonld')) as { '@context': object };
	const offline = {
		safe: true,
		documentLoader: () => Promise.reject(new Error('nothing is fetched'))
	};
	const facts = JSON.stringify(await expand(document, offline));
	expect(facts).toContain('https://w3id.org/dpv#hasPersonalData');
	expect(facts).toContain('https://w3id.org/dpv#hasLegalBasis');
	const rowsOf = async (path: string) => {
		const rows = parts.find(({ part }) => part.path === path)?.rows();
		return rows && (await Array.fromAsync(rows)).flat();
	};
	const data = {
		'@context': document['@context'],
		visits: await rowsOf('data/visits'),
		identity: await rowsOf('data/identity'),
		'portal.activity': await rowsOf('activity')
	};
	const [expanded] = (await expand(data, offline)) as [Record<string, Row[]>];
	const [identity] = expanded['urn:candor:export:1:identity'] ?? [];
	expect(identity?.['https://schema.org/name']).toEqual([{ '@value': 'Alice & <Bob>' }]);
	expect(expanded['urn:candor:export:1:visits']).toHaveLength(3);
	expect(await toRdf(data, offline)).not.toHaveLength(0);
});
