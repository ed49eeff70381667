import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { line, readForm } from './read-form';

const schema = z.object({ name: line(40) });
const posted = (body: BodyInit, headers: Record<string, string> = {}) =>
	new Request('http://localhost/', { method: 'POST', body, headers });

describe('a posted form', () => {
	test('becomes checked values', async () => {
		expect(await readForm(posted(new URLSearchParams({ name: ' Alice ' })), schema)).toEqual({
			values: { name: 'Alice' }
		});
	});

	test('that is wrong is answered field by field, with what was typed, but for secrets', async () => {
		const form = new URLSearchParams([
			['name', ''],
			['password', 'not to be shown again']
		]);
		expect(await readForm(posted(form), schema)).toEqual({
			problems: { name: { code: 'required', values: { min: 1 } } },
			typed: { name: '' }
		});
	});

	test('that does not fit a pattern has the code that the pattern names, or that of any wrong answer', async () => {
		const patterns = z.object({
			size: z.string().regex(/^\d$/, { error: 'not-number' }),
			kind: z.string().regex(/^a$/),
			day: z.iso.date({ error: 'not-date' }).regex(/^2/, { error: 'not-date' })
		});
		const form = new URLSearchParams({ size: 'x', kind: 'b', day: '1800-01-01' });
		expect(await readForm(posted(form), patterns)).toMatchObject({
			problems: { size: { code: 'not-number' }, kind: { code: 'wrong' }, day: { code: 'not-date' } }
		});
	});

	test('that is no form is a problem of the whole', async () => {
		const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
		expect(await readForm(posted('nothing of the kind', headers), schema)).toMatchObject({
			problems: { form: { code: 'not-a-form' } }
		});
	});

	test('that is larger than any of ours is refused with 413', async () => {
		const request = posted(new URLSearchParams({ name: 'x' }), { 'Content-Length': '2000001' });
		await expect(readForm(request, schema)).rejects.toMatchObject({ status: 413 });
	});
});
