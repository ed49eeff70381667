// Promise: a form becomes checked values, or problems keyed by field together with what was typed.
import { error } from '@sveltejs/kit';
import { z } from 'zod';

/** A code whose sentence stands at `errors:field.<code>`, with the numbers that it names. */
export interface Problem {
	code: string;
	values?: Record<string, string | number>;
}

export type Problems = Record<string, Problem>;
export type Typed = Record<string, string>;

type Read<Values> = { values: Values; problems?: undefined } | { problems: Problems; typed: Typed };

/** Longer texts are cut before they are shown again: a megabyte helps nobody. */
const keptLength = 10_000;

/** No form of ours is larger; the API has limits of its own. */
const largestForm = 2_000_000;
/** As much as the front lets through. */
const largestWithFiles = 16_000_000;

const keep = (value: FormDataEntryValue): string =>
	typeof value === 'string' ? value.slice(0, keptLength) : '';

function problemOf(issue: z.core.$ZodIssue, input: unknown): Problem {
	if (issue.code === 'custom') return { code: issue.message };
	if (issue.code === 'too_small')
		return {
			code: input === '' || input === undefined ? 'required' : 'too-short',
			values: { min: Number(issue.minimum) }
		};
	if (issue.code === 'too_big') return { code: 'too-long', values: { max: Number(issue.maximum) } };
	if (input === undefined || input === '') return { code: 'required' };
	if (Array.isArray(input)) return { code: 'twice' };
	// A pattern of ours names its code in place of a sentence.
	if (issue.code === 'invalid_format' && issue.format === 'regex')
		return { code: /^[a-z-]+$/.test(issue.message) ? issue.message : 'wrong' };
	if (issue.code === 'invalid_format') return { code: `not-${issue.format}` };
	if (issue.code === 'unrecognized_keys') return { code: 'unknown' };
	return { code: 'wrong' };
}

/** One value a name is a text, several are an array; texts are in Unicode normal form C, without line-end variants. */
function toObject(form: FormData): { input: Record<string, string | string[]>; typed: Typed } {
	const input: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
	const typed: Typed = Object.create(null) as Typed;
	for (const name of new Set(form.keys())) {
		const values = form
			.getAll(name)
			.map((value) => (typeof value === 'string' ? value.normalize('NFC').replace(/\r\n?/g, '\n') : ''));
		input[name] = values.length === 1 ? (values[0] as string) : values;
		typed[name] = keep(values[0] ?? '');
	}
	return { input, typed };
}

/** Checks data that was already read; `readForm` for a request. Fields in `secret` are never given back. */
export function checkForm<Schema extends z.ZodType>(
	form: FormData,
	schema: Schema,
	secret: readonly string[] = []
): Read<z.output<Schema>> {
	const { input, typed } = toObject(form);
	for (const name of secret) delete typed[name];
	const problems: Problems = {};
	for (const [name, value] of Object.entries(input))
		if ([value].flat().some((text) => text.includes('\0'))) problems[name] = { code: 'nul' };
	const parsed = schema.safeParse(input);
	if (parsed.success && Object.keys(problems).length === 0) return { values: parsed.data };
	for (const issue of parsed.error?.issues ?? []) {
		const name = String(issue.path[0] ?? 'form');
		problems[name] ??= problemOf(issue, input[name]);
	}
	return { problems, typed };
}

/** Nothing of ours asks for so much: the page of its own says so (413). */
const refuseTooLarge = (): never => error(413, { message: 'too-large', code: 'too-large' });

const isTooLarge = (problem: unknown): boolean =>
	typeof problem === 'object' && problem !== null && 'status' in problem && problem.status === 413;

/** The posted form; undefined for a body that is none. One too large ends here. */
async function dataOf(request: Request, largest: number): Promise<FormData | undefined> {
	if (Number(request.headers.get('content-length')) > largest) refuseTooLarge();
	try {
		return await request.formData();
	} catch (problem) {
		if (isTooLarge(problem)) refuseTooLarge();
		return undefined;
	}
}

const notAForm = () => ({ problems: { form: { code: 'not-a-form' } }, typed: {} });

/** Reads a posted form through `schema`. A body that is no form is a problem of the whole form; one too large ends here. */
export async function readForm<Schema extends z.ZodType>(
	request: Request,
	schema: Schema,
	secret: readonly string[] = ['password', 'new-password', 'code']
): Promise<Read<z.output<Schema>>> {
	const form = await dataOf(request, largestForm);
	return form ? checkForm(form, schema, secret) : notAForm();
}

export interface PostedFile {
	name: string;
	bytes: Uint8Array;
}

/** The same for a form that brings files below `field`; one that was left empty is none. */
export async function readFormWithFiles<Schema extends z.ZodType>(
	request: Request,
	schema: Schema,
	field: string
): Promise<Read<z.output<Schema>> & { files: PostedFile[] }> {
	const form = await dataOf(request, largestWithFiles);
	if (!form) return { ...notAForm(), files: [] };
	const given = form.getAll(field).filter((value) => typeof value !== 'string' && value.size > 0) as File[];
	form.delete(field);
	const files = given.map(async (file) => ({
		name: file.name,
		bytes: new Uint8Array(await file.arrayBuffer())
	}));
	return { ...checkForm(form, schema), files: await Promise.all(files) };
}

/** A one-line text: trimmed, without control characters and without marks that turn the reading direction around. */
export const line = (max: number) =>
	z
		.string()
		.transform((text) => text.trim())
		.pipe(
			z
				.string()
				.min(1)
				.max(max)
				.refine((text) => !/[\u0000-\u001f\u007f]/.test(text), 'control-characters')
		)
		.pipe(z.string().refine((text) => !/[\u202a-\u202e\u2066-\u2069]/.test(text), 'direction-marks'));

/** A text of several lines. */
export const paragraph = (max: number) =>
	z
		.string()
		.transform((text) => text.trim())
		.pipe(
			z
				.string()
				.max(max)
				.refine(
					(text) => !/[\u0001-\u0009\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.test(text),
					'control-characters'
				)
		);
