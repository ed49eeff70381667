// Whatever is typed into a form, or sent to it by somebody else: a clear answer in the person's language, and nothing broken.
import type { APIResponse, Page } from '@playwright/test';
import { inLanguage, openRequest, personalPages, publicPages } from '../support/pages.ts';
import { expect, test } from '../support/portal.ts';

test.use({ ownPortal: true });

interface Form {
	page: string;
	action: string;
	/** What a browser would send, and each button that could send it. */
	fields: [string, string][];
}

const mark = '<img src=x onerror=alert(1)>';
const values = [
	'',
	'\u0000',
	'\u202Eevil\u202C 👩‍👩‍👧‍👦💥',
	`' or 1=1; drop table person; -- "><script>alert(1)</script>${mark}`,
	'-1e309'
];
const large = 'x'.repeat(1_000_000);

/** Runs in the page: every form that posts. */
const formsOn = (): Omit<Form, 'page'>[] =>
	[...document.querySelectorAll<HTMLFormElement>('form[method="post"]')].flatMap((form) => {
		const fields = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]);
		const unchecked = [...form.querySelectorAll<HTMLInputElement>('input[name]')].filter(
			({ name }) => !fields.some(([known]) => known === name)
		);
		const all: [string, string][] = [
			...fields,
			...unchecked.map(({ name, value }): [string, string] => [name, value])
		];
		const buttons = [...form.querySelectorAll<HTMLButtonElement>('button')].filter(({ name }) => name);
		const action = new URL(form.getAttribute('action') ?? '', location.href);
		const senders = buttons.length
			? buttons.map(({ name, value }): [string, string][] => [[name, value]])
			: [[]];
		return senders.map((sender) => ({
			action: action.pathname + action.search,
			fields: [...all, ...sender]
		}));
	});

async function formsOf(page: Page, addresses: readonly string[]): Promise<Form[]> {
	const forms = new Map<string, Form>();
	for (const address of addresses) {
		await page.goto(inLanguage(address, 'es'));
		for (const form of await page.evaluate(formsOn)) {
			if (form.action.startsWith('/sign-out')) continue;
			// The same form many times on a page (one per topic, one per session) is one form.
			const name = `${form.action.replace(/[?&]lang=es/, '')} ${form.fields.map(([field]) => field).join()}`;
			forms.set(name, { page: address, ...form });
		}
	}
	return [...forms.values()];
}

const encode = (fields: readonly (readonly [string, string])[]) =>
	new URLSearchParams(fields.map(([name, value]) => [name, value])).toString();

const post = (page: Page, action: string, body: string, origin: string): Promise<APIResponse> =>
	page.request.post(action, {
		data: body,
		headers: { origin, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
		maxRedirects: 0,
		// A connection that the portal had kept open long enough may end just as it is used again.
		maxRetries: 2
	});

/** Bodies that no page of ours sends. */
function bodiesFor({ fields }: Form): [string, string][] {
	const replaced = (at: number, value: string) =>
		encode(fields.map(([name, given], index) => [name, index === at ? value : given]));
	const doubled = encode([...fields, ...fields]);
	const alien = encode([...fields, ['__proto__', 'x'], ['constructor.prototype', 'x'], ['', 'x']]);
	const spoiled = fields
		.slice(0, 6)
		.flatMap(([name], at) =>
			values.map((value): [string, string] => [
				`${name}=${JSON.stringify(value.slice(0, 20))}`,
				replaced(at, value)
			])
		);
	return [
		['nothing', ''],
		['doubled', doubled],
		['alien', alien],
		['a megabyte', fields.length ? replaced(fields.length - 1, large) : `a=${large}`],
		...spoiled
	];
}

async function problemsOf(answer: APIResponse, what: string): Promise<string[]> {
	const status = answer.status();
	if (status >= 500) return [`${what}: ${status}`];
	if (status >= 300 && status < 400) return [];
	const text = await answer.text();
	const problems: string[] = [];
	if (text.includes(mark) || text.includes('<script>alert(1)'))
		problems.push(`${what}: ${status}, not escaped`);
	if (!text.includes('<html lang="es"'))
		problems.push(`${what}: ${status}, not in Spanish: ${text.slice(0, 80)}`);
	return problems;
}

async function attack(page: Page, forms: readonly Form[], origin: string): Promise<string[]> {
	const problems: string[] = [];
	for (const form of forms)
		for (const [name, body] of bodiesFor(form))
			problems.push(
				...(await problemsOf(await post(page, form.action, body, origin), `${form.action} with ${name}`))
			);
	return problems;
}

test('every form that a visitor finds stands it', async ({ page, baseURL }) => {
	test.setTimeout(300_000);
	const forms = await formsOf(page, publicPages);
	expect(forms.length).toBeGreaterThan(2);
	expect(await attack(page, forms, baseURL as string)).toEqual([]);
});

test('every form that Minjun finds stands it, and his pages still open', async ({
	page,
	baseURL,
	signInAs
}) => {
	test.setTimeout(580_000);
	await signInAs('minjun');
	const pages = [...personalPages, await openRequest(page)];
	const forms = await formsOf(page, pages);
	expect(forms.length).toBeGreaterThan(12);
	expect(await attack(page, forms, baseURL as string)).toEqual([]);
	for (const address of pages) {
		const answer = await page.goto(inLanguage(address, 'es'));
		expect(answer?.status(), address).toBeLessThan(400);
		expect(await page.content(), address).not.toContain(mark);
	}
});

test('a form that comes from another site does nothing', async ({ page, baseURL, signInAs }) => {
	await signInAs('minjun', '/messages?lang=es');
	const forms = await formsOf(page, [
		'/profile',
		'/messages',
		'/withdrawal',
		'/security',
		'/export',
		'/requests/new',
		'/policy'
	]);
	for (const { action, fields } of forms) {
		for (const origin of ['https://evil.example', 'null', `${baseURL}.evil.example`, 'http://localhost:1'])
			expect((await post(page, action, encode(fields), origin)).status(), `${action} from ${origin}`).toBe(
				403
			);
		const silent = await page.request.post(action, {
			data: encode(fields),
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			maxRedirects: 0
		});
		expect(silent.status(), `${action} from nowhere`).toBe(403);
	}
});

test('what Minjun typed is still there when something is missing, and is shown as he typed it', async ({
	page,
	signInAs
}) => {
	await signInAs('minjun', '/requests/new?lang=es');
	const typed = `${mark} 👋 '; -- "q" & <b>`;
	await page
		.locator('input[name="kind"]')
		.first()
		.evaluate((box: HTMLInputElement) => box.form?.setAttribute('novalidate', ''));
	await page.locator('input[name="kind"][value="complaint"]').check();
	await page.locator('textarea[name="text"]').fill(`${typed}${'x'.repeat(200)}\u202E`);
	await page.locator('form:has(textarea[name="text"]) [type="submit"]').click();
	await expect(page.getByRole('alert')).toBeVisible();
	await expect(page.locator('textarea[name="text"]')).toHaveValue(
		new RegExp(`^${typed.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
	);
	await expect(page.locator('input[name="kind"][value="complaint"]')).toBeChecked();
});

test('an action that there is not, a body that is no form, a method nobody knows: no breakdown', async ({
	page,
	baseURL,
	signInAs
}) => {
	await signInAs('minjun', '/?lang=es');
	const origin = baseURL as string;
	const headers = { origin, accept: 'text/html' };
	const answers = [
		await page.request.post('/withdrawal?/destroy-everything', { form: { a: 'b' }, headers }),
		await page.request.post('/messages', {
			data: '{"a":',
			headers: { ...headers, 'content-type': 'application/json' }
		}),
		await page.request.post('/messages', {
			data: '--x\r\nbroken',
			headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' }
		}),
		await page.request.post('/messages', {
			data: Buffer.from([0xff, 0xfe, 0x00]),
			headers: { ...headers, 'content-type': 'text/plain' }
		}),
		await page.request.fetch('/messages', { method: 'PROPFIND', headers }),
		await page.request.put('/profile', { form: { a: 'b' }, headers }),
		await page.request.get('/data/%00'),
		await page.request.get('/data/visits?after=%00&before=x'),
		await page.request.get(`/sharing?from=${'9'.repeat(5_000)}`),
		await page.request.get('/export/..%2f..%2fkeys.db'),
		await page.request.get('/requests/%F0%9F%92%A5'),
		await page.request.get('/policy/..%2f..%2forganisation.yaml'),
		await page.request.get('/?lang=%00<b>&lang=x')
	];
	for (const answer of answers) expect(answer.status(), answer.url()).toBeLessThan(500);
});
