import { expect, test } from 'vitest';
import { jsonSchemas } from './json-schema.ts';

// When the schema changed on purpose: npx vitest run --project sqlite src/lib/server/organisation/json-schema.test.ts -u
test.each(Object.entries(jsonSchemas()))(
	'an editor checks descriptions by the current %s',
	async (name, text) => {
		await expect(text).toMatchFileSnapshot(`../../../../static/schemas/${name}`);
	}
);
