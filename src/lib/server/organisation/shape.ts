// Promise: each place where a description doesn't have the schema's shape is told with what to write; the rest goes on to the rules.
import { z } from 'zod';
import { nearest, quote, suggestion } from './problem.ts';
import type { Path, Report } from './problem.ts';
import { text } from './values.ts';

/** What is left of a T when everything that doesn't fit the schema has been taken away. */
export type Loose<T> = T extends readonly (infer Item)[]
	? (Loose<Item> | undefined)[]
	: T extends object
		? { [Key in keyof T]?: Loose<T[Key]> | undefined }
		: T;

/** The entries of a list that are left, each with its place. */
export function* each<T>(list: readonly (T | undefined)[] | undefined): Generator<[number, T]> {
	for (const [index, entry] of (list ?? []).entries()) if (entry !== undefined) yield [index, entry];
}

type Issue = z.core.$ZodIssue;

/** Reports what doesn't fit; returns the value with its defaults when all fits, and else what of it does. */
export function checkShape<T extends z.ZodType>(
	schema: T,
	value: unknown,
	report: Report
): { whole: z.infer<T> } | { rest: Loose<z.infer<T>> } {
	let parsed = schema.safeParse(value);
	if (parsed.success) return { whole: parsed.data };

	// A misspelt key first becomes the one that was meant, so that it isn't missed a second time and its value is looked at too.
	for (let misspelt = unknownKeys(parsed.error); misspelt.length; misspelt = unknownKeys(parsed.error)) {
		for (const issue of misspelt) respell(schema, value, issue, report);
		parsed = schema.safeParse(value);
		if (parsed.success) return { rest: parsed.data as Loose<z.infer<T>> };
	}
	for (const issue of parsed.error.issues) reportIssue(schema, value, issue, report);
	for (const issue of parsed.error.issues) remove(value, issue.path);
	const usable = value !== null && typeof value === 'object' && !Array.isArray(value);
	return { rest: (usable ? value : {}) as Loose<z.infer<T>> };
}

/** Visits every part of a value together with the schema that it should have, optional wrappings removed. */
export function walk(
	schema: z.core.$ZodType,
	value: unknown,
	visit: (schema: z.core.$ZodType, value: unknown, path: Path) => void,
	path: Path = []
): void {
	const inner = unwrap(schema);
	if (value === undefined) return;
	visit(inner, value, path);
	if (inner instanceof z.ZodArray && Array.isArray(value))
		value.forEach((item, index) => walk(inner.element, item, visit, [...path, index]));
	if (inner instanceof z.ZodObject && value !== null && typeof value === 'object')
		for (const [key, part] of Object.entries(inner.shape as Record<string, z.core.$ZodType>))
			walk(part, (value as Record<string, unknown>)[key], visit, [...path, key]);
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.def.innerType);
	return schema;
}

/** The schema that the value at a path should have. */
function schemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
	let here: z.core.$ZodType | undefined = unwrap(schema);
	for (const step of path) {
		if (here instanceof z.ZodArray) here = unwrap(here.element);
		else if (here instanceof z.ZodRecord) here = unwrap(here.valueType);
		else if (here instanceof z.ZodObject && Object.hasOwn(here.shape, step))
			here = unwrap(here.shape[step as string]);
		else return undefined;
	}
	return here;
}

function valueAt(value: unknown, path: Path): unknown {
	let here = value;
	for (const step of path) {
		if (here === null || typeof here !== 'object') return undefined;
		here = (here as Record<PropertyKey, unknown>)[step];
	}
	return here;
}

function unknownKeys(error: z.ZodError): z.core.$ZodIssueUnrecognizedKeys[] {
	return error.issues.filter((issue) => issue.code === 'unrecognized_keys');
}

function respell(
	schema: z.core.$ZodType,
	value: unknown,
	issue: z.core.$ZodIssueUnrecognizedKeys,
	report: Report
) {
	const described = schemaAt(schema, issue.path);
	const known = described instanceof z.ZodObject ? Object.keys(described.shape) : [];
	const holder = valueAt(value, issue.path) as Record<string, unknown>;
	for (const key of issue.keys) {
		const free = known.filter((candidate) => !Object.hasOwn(holder, candidate));
		const meant = nearest(key, free);
		report([...issue.path, key], `There is no key ${quote(key)} here.`, suggestion(key, free));
		if (meant !== undefined) holder[meant] = holder[key];
		delete holder[key];
	}
}

function remove(value: unknown, path: Path): void {
	const holder = valueAt(value, path.slice(0, -1));
	const key = path.at(-1);
	if (holder !== null && typeof holder === 'object' && key !== undefined)
		delete (holder as Record<PropertyKey, unknown>)[key];
}

function reportIssue(schema: z.core.$ZodType, value: unknown, issue: Issue, report: Report): void {
	const found = valueAt(value, issue.path);
	const expected = schemaAt(schema, issue.path);
	const name = String(issue.path.at(-1) ?? 'the description');
	if (found === null && schemaAt(schema, issue.path.slice(0, -1)) instanceof z.ZodRecord)
		return report(
			issue.path,
			`${quote(name)} has no value.`,
			'Write it, or put the text before it in quotes if that holds a comma.'
		);
	if (found === undefined || found === null)
		return report(issue.path, `${quote(name)} is missing.`, `Write ${example(name, expected)}.`);
	report(issue.path, wrong(issue, found), better(issue, name, found, expected));
}

const expectedKinds: Record<string, string> = {
	string: 'A text',
	number: 'A number',
	int: 'A whole number',
	boolean: 'true or false',
	array: 'A list',
	object: 'Keys with values',
	record: 'Keys with values'
};

function wrong(issue: Issue, found: unknown): string {
	if (issue.code === 'too_small')
		return issue.origin === 'string' || issue.origin === 'array'
			? 'It is empty.'
			: `${quote(found)} is too small.`;
	if (issue.code === 'too_big') return `${typeof found === 'number' ? quote(found) : 'It'} is too large.`;
	if (issue.code === 'invalid_type')
		return `${expectedKinds[issue.expected] ?? 'Something else'} must stand here, not ${kindOf(found)}.`;
	return `${quote(found)} does not fit here.`;
}

function better(issue: Issue, name: string, found: unknown, expected: z.core.$ZodType | undefined): string {
	if (issue.code === 'invalid_value') return suggestion(String(found), issue.values.map(String));
	if (issue.code === 'invalid_format' && issue.format === 'url')
		return 'Write an address that starts with https://.';
	if (issue.code === 'invalid_format' && issue.format === 'email')
		return 'Write an email address, such as privacy@example.com.';
	if (issue.code === 'invalid_format') return `Write ${issue.message}.`;
	if (issue.code === 'too_small' && typeof found === 'number')
		return issue.inclusive ? `Write ${issue.minimum} or more.` : `Write more than ${issue.minimum}.`;
	if (issue.code === 'too_big' && typeof found === 'number') return `Write ${issue.maximum} or less.`;
	if (issue.code === 'too_big') return `Keep it to ${issue.maximum}.`;
	return `Write ${example(name, expected)}.`;
}

/** How a value of that schema is written, as a line of YAML. */
function example(name: string, expected: z.core.$ZodType | undefined): string {
	if (expected === undefined) return `a value for ${name}`;
	if (expected instanceof z.ZodRecord && expected.def === text.def)
		return `${name}: a text in each language, such as { en: … }`;
	if (expected instanceof z.ZodRecord) return `${name}: pairs of a key and a value`;
	if (expected instanceof z.ZodEnum) return `${name}: one of ${expected.options.join(', ')}`;
	if (expected instanceof z.ZodLiteral) return `${name}: ${[...expected.values].join(' or ')}`;
	if (expected instanceof z.ZodBoolean) return `${name}: true or false`;
	if (expected instanceof z.ZodNumber) return `${name}: a number`;
	if (expected instanceof z.ZodArray) return `${name}: a list, with a "- " before each entry`;
	if (expected instanceof z.ZodObject)
		return `${name}: with ${Object.keys(expected.shape).join(', ')} under it`;
	return `${name}: a text of one line`;
}

function kindOf(value: unknown): string {
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object') return 'keys with values';
	return quote(value);
}
