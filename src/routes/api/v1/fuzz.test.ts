import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { tried, type Schema, type Words } from '../../../../tests/support/from-schema.ts';
import { alice } from '../../../../tests/support/people.ts';
import { portalForTest } from '../../../../tests/support/portal-for-test.ts';
import * as people from '$lib/server/accounts/people';
import * as tokens from '$lib/server/tokens/tokens';
import { openApi } from './openapi';

// Every endpoint tried with what its own schema allows, and with what it does not: no failure of ours, no status that
// the document does not name.
const portal = portalForTest({ description: 'tests/support/third-organisation' });

type Handler = (event: never) => Response | Promise<Response>;
type Module = Record<string, Handler | undefined>;

interface Operation {
	parameters?: { name?: string; in?: string; schema?: Schema; $ref?: string }[];
	requestBody?: { content: Record<string, { schema: Schema }> };
	responses: Record<string, unknown>;
}

const modules = import.meta.glob<Module>('./**/+server.ts', { eager: true });
const addressOf = (file: string): string =>
	`/api/v1/${file.slice(2, -'/+server.ts'.length)}`
		.replace('[x+3a]', ':')
		.replace(/\[([a-zA-Z]+)\]/g, '{$1}');

const { paths, components } = openApi('http://localhost:3000') as unknown as {
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, Schema> };
};
const resolve = (reference: string): Schema =>
	components.schemas[reference.split('/').at(-1) as string] ?? {};

const operations = Object.entries(paths).flatMap(([path, methods]) =>
	Object.entries(methods).map(([method, operation]) => ({
		name: `${method.toUpperCase()} ${path}`,
		path,
		method,
		operation
	}))
);
const handlerOf = (path: string, method: string): Handler | undefined =>
	Object.entries(modules).find(([file]) => addressOf(file) === path)?.[1][method.toUpperCase()];

let externalId = '';
let token = '';

beforeAll(async () => {
	const ctx = portal.as();
	externalId = (await people.find(ctx, (await alice(ctx)).id))?.externalId ?? '';
	const made = await tokens.add(ctx, { name: 'crm', scopes: [...tokens.scopes] });
	token = 'token' in made ? made.token : '';
});

function words(): Words {
	const { categories, channels, purposes, partners, roles, topics } = portal.as().organisation;
	const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id);
	const moments = ['2026-11-01T08:00:00.000Z', '2026-11-22T09:00:00.000Z', '2030-01-01T00:00:00Z'];
	return {
		person: [externalId],
		externalId: [externalId],
		partner: ids(partners),
		channel: ids(channels),
		topic: ids(topics),
		purpose: ids(purposes),
		category: ids(categories),
		categories: ids(categories),
		fields: categories.flatMap(({ id, fields }) => fields.map((field) => `${id}.${field.id}`)),
		role: ids(roles),
		id: ['one', 'two'],
		country: ['KR', 'ES', 'US'],
		language: ['en', 'ko', 'es'],
		timeZone: ['Asia/Seoul', 'UTC'],
		bornOn: ['1990-01-01', '2016-02-29'],
		at: moments,
		knownAt: moments,
		happenedAt: moments,
		receivedAt: moments,
		page: ['/export', '/data'],
		reason: ['asked by letter']
	};
}

async function call(
	handler: Handler,
	path: string,
	method: string,
	sent: { id: string; query: string; body: unknown; type: string }
) {
	const { id, query, body, type } = sent;
	const url = new URL(path.replace('{externalId}', encodeURIComponent(id)) + query, 'http://localhost:3000');
	const isBare = method === 'get' || method === 'head';
	const request = new Request(url, {
		method: method.toUpperCase(),
		headers: { authorization: `Bearer ${token}`, ...(isBare ? {} : { 'content-type': type }) },
		...(isBare ? {} : { body: typeof body === 'string' ? body : `${JSON.stringify(body)}\n` })
	});
	const locals = { ctx: portal.as(), address: '127.0.0.1' };
	const response = await handler({
		request,
		url,
		params: { externalId: id },
		locals,
		setHeaders: () => undefined
	} as never);
	return { status: response.status, text: await response.text() };
}

test('every operation of the document is there', () => {
	expect(operations.filter(({ path, method }) => !handlerOf(path, method)).map(({ name }) => name)).toEqual(
		[]
	);
});

describe.each(operations)('$name', ({ path, method, operation }) => {
	test('answers whatever comes with a status that its document names', { timeout: 60_000 }, async () => {
		const handler = handlerOf(path, method) as Handler;
		const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [
			'application/json',
			{ schema: {} }
		];
		const known = words();
		const bodies = fc.oneof(
			{ arbitrary: tried(content.schema, resolve, known), weight: 9 },
			{ arbitrary: fc.string(), weight: 1 }
		);
		const queries = fc.dictionary(
			fc.constantFrom(
				...(operation.parameters ?? []).flatMap(({ name, in: place }) =>
					place === 'query' && name ? [name] : []
				),
				'surprise'
			),
			fc.oneof(fc.constantFrom('none', 'everyone', '2026-01-01'), fc.string({ maxLength: 30 }))
		);
		const ids = fc.oneof(fc.constant(externalId), fc.string({ minLength: 1, maxLength: 70 }));
		await fc.assert(
			fc.asyncProperty(ids, queries, bodies, async (id, query, body) => {
				const search = new URLSearchParams(query as Record<string, string>).toString();
				const { status, text } = await call(handler, path, method, {
					id,
					query: search && `?${search}`,
					body,
					type
				});
				expect(status, text.slice(0, 300)).not.toBe(500);
				expect(Object.keys(operation.responses), text.slice(0, 300)).toContain(String(status));
				if (type === 'application/x-ndjson' && status === 200) expect(text).not.toContain('broke-off');
			}),
			{ numRuns: 100 }
		);
	});
});
