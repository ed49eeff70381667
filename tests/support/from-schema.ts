// Values that a JSON Schema allows, and values that it does not, for tests that try an endpoint by its own description.
import fc from 'fast-check';

export interface Schema {
	$ref?: string;
	type?: string | string[];
	enum?: unknown[];
	const?: unknown;
	properties?: Record<string, Schema>;
	required?: string[];
	items?: Schema;
	anyOf?: Schema[];
	oneOf?: Schema[];
	allOf?: Schema[];
	pattern?: string;
	format?: string;
	maxLength?: number;
	minLength?: number;
	maxItems?: number;
	minItems?: number;
	minimum?: number;
	maximum?: number;
	additionalProperties?: boolean | Schema;
}

const hostile = [
	'',
	'\0',
	'a\u0000b',
	'\u202Ereversed',
	"' or 1=1 --",
	'<script>alert(1)</script>',
	'=1+1',
	'../../etc/passwd',
	'x'.repeat(70_000),
	'😀'.repeat(50),
	'\ud800',
	'9999-99-99T99:99:99Z',
	'-1',
	'alice@example.com'
];

/** What nobody asked for: other types, deep nests, hostile texts. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown>(...hostile),
	fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 2 ** 53, 0.1, [], {}, [[[[]]]], { __proto__: null }),
	fc.jsonValue({ maxDepth: 3 })
);

const texts = ({ format, pattern, maxLength = 40, minLength = 0 }: Schema): fc.Arbitrary<unknown> => {
	if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
	if (format === 'date')
		return fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
	if (format === 'email') return fc.emailAddress();
	if (format === 'uri') return fc.webUrl();
	if (pattern) return fc.oneof(fc.stringMatching(new RegExp(pattern)), fc.string({ maxLength: 40 }));
	return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 200)) });
};

/** What means something to the portal, by the name of the member, so that most of what is sent gets beyond the first check. */
export type Words = Readonly<Record<string, readonly string[]>>;

/** Values that fit `schema`. */
export function fitting(
	schema: Schema,
	resolve: (reference: string) => Schema,
	words: Words,
	name = ''
): fc.Arbitrary<unknown> {
	const inner = (one: Schema, named = name) => fitting(one, resolve, words, named);
	if (schema.$ref) return inner(resolve(schema.$ref));
	const known = words[name];
	const isList = schema.type === 'array' || schema.type === 'object';
	if (known && !isList && !schema.enum)
		return fc.oneof(
			{ arbitrary: fc.constantFrom(...known), weight: 12 },
			{ arbitrary: fitting(schema, resolve, words), weight: 1 }
		);
	if ('const' in schema) return fc.constant(schema.const);
	if (schema.enum) return fc.constantFrom(...schema.enum);
	const choices = schema.anyOf ?? schema.oneOf;
	if (choices) return fc.oneof(...choices.map((one) => inner(one)));
	if (schema.allOf) return inner(Object.assign({}, ...schema.allOf) as Schema);
	const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
	if (type === 'object') {
		const { properties = {}, required = [] } = schema;
		const shapes = Object.fromEntries(
			Object.entries(properties).map(([name, one]) => [name, inner(one, name)])
		);
		return fc.record(shapes, { requiredKeys: required.filter((name) => name in shapes) as never });
	}
	if (type === 'array')
		return fc.array(inner(schema.items ?? {}), {
			minLength: schema.minItems ?? 0,
			maxLength: Math.min(schema.maxItems ?? 4, 4)
		});
	if (type === 'integer')
		return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 100_000 });
	if (type === 'number') return fc.double({ noNaN: true, noDefaultInfinity: true });
	if (type === 'boolean') return fc.boolean();
	if (type === 'null') return fc.constant(null);
	if (type === 'string') return texts(schema);
	return anything;
}

/** Mostly what fits, with one member spoilt now and then, and sometimes nothing of the kind. */
export function tried(...given: Parameters<typeof fitting>): fc.Arbitrary<unknown> {
	const fits = fitting(...given);
	const spoilt = fc.tuple(fits, fc.nat(), anything).map(([value, index, other]) => {
		if (typeof value !== 'object' || value === null) return other;
		const names = Object.keys(value);
		const name = names[index % Math.max(1, names.length)] ?? 'surprise';
		return { ...value, [name]: other };
	});
	return fc.oneof(
		{ arbitrary: fits, weight: 4 },
		{ arbitrary: spoilt, weight: 4 },
		{ arbitrary: anything, weight: 1 }
	);
}
