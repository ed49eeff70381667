// Promise: records and disclosures go to the people they name; a wrong one is told by line, the others are in.
import { idsByExternal } from '../accounts/accounts.ts';
import type { Context } from '../context.ts';
import * as disclosures from '../disclosures/disclosures.ts';
import * as records from '../records/records.ts';
import type { Line } from './lines.ts';
import type { Outcome } from './outcome.ts';
import {
	checkShape,
	disclosureShape,
	recordShape,
	type DisclosureInput,
	type RecordInput,
	type ShapeProblem
} from './shapes.ts';

type Shape<Input> = { safeParse: unknown } & Parameters<typeof checkShape>[0] & { _output?: Input };

interface Arrival<Input> {
	line: number;
	input: Input;
}

/** Lines by the person that they name, in order; what cannot be read or names nobody goes to `outcomes`. */
async function byPerson<Input extends { person: string }>(
	ctx: Context,
	lines: readonly Line[],
	shape: Shape<Input>
) {
	const outcomes: Outcome[] = [];
	const byExternal = new Map<string, Arrival<Input>[]>();
	for (const { line, value, problem } of lines) {
		const checked = problem ? { refused: problem } : checkShape(shape, value);
		if (!('input' in checked)) {
			outcomes.push({ line, ...(checked as ShapeProblem) });
			continue;
		}
		const input = checked.input as Input;
		const arrivals = byExternal.get(input.person) ?? [];
		arrivals.push({ line, input });
		byExternal.set(input.person, arrivals);
	}
	const ids = await idsByExternal(ctx, [...byExternal.keys()]);
	const people: { id: string; arrivals: Arrival<Input>[] }[] = [];
	for (const [external, arrivals] of byExternal) {
		const id = ids.get(external);
		if (id) people.push({ id, arrivals });
		else for (const { line } of arrivals) outcomes.push({ line, refused: 'person-unknown', field: 'person' });
	}
	return { outcomes, people };
}

function toRecord({ person: _person, category, id, at, origin, ...fields }: RecordInput): records.NewRecord {
	return { category, id, at, origin, fields };
}

export async function putRecords(ctx: Context, lines: readonly Line[]): Promise<Outcome[]> {
	const { outcomes, people } = await byPerson<RecordInput>(ctx, lines, recordShape);
	for (const { id, arrivals } of people) {
		const wanted = arrivals.map(({ input }) => toRecord(input));
		const held = await records.held(ctx, id, wanted);
		const outcome = await records.put(ctx, id, wanted);
		const problems = new Map(
			'problems' in outcome ? outcome.problems.map((problem) => [problem.index, problem]) : []
		);
		for (const [index, { line, input }] of arrivals.entries()) {
			const problem = problems.get(index);
			if ('refused' in outcome) outcomes.push({ line, refused: outcome.refused });
			else if (problem)
				outcomes.push({
					line,
					refused: problem.code,
					...(problem.field && { field: problem.field.slice(0, 80) })
				});
			else {
				const name = `${input.category}/${input.id}`;
				outcomes.push({ line, done: held.has(name) ? 'replaced' : 'added', person: input.person });
				held.add(name);
			}
		}
	}
	return outcomes.sort((a, b) => a.line - b.line);
}

function toDisclosure({ at, person: _person, ...rest }: DisclosureInput): disclosures.NewDisclosure {
	return { ...rest, at: at === undefined ? undefined : new Date(at) };
}

function outcomeOf(
	{ line, input }: Arrival<DisclosureInput>,
	outcome: disclosures.DisclosureOutcome
): Outcome {
	if ('fields' in outcome)
		return {
			line,
			refused: outcome.refused,
			fields: outcome.fields.map(({ field, code }) => ({ field: field.slice(0, 80), code }))
		};
	if (!('id' in outcome))
		return { line, refused: outcome.refused, field: outcome.refused === 'at-in-future' ? 'at' : 'person' };
	const { added, refused, ...row } = outcome;
	return {
		line,
		done: added ? 'added' : 'unchanged',
		person: input.person,
		row,
		...(refused.length && { partly: refused })
	};
}

/** A disclosure without an instant is a new one in each `run`; without a run (a file) it is the same one again. */
export async function putDisclosures(
	ctx: Context,
	lines: readonly Line[],
	{ run }: { run?: string | undefined }
): Promise<Outcome[]> {
	const { outcomes, people } = await byPerson<DisclosureInput>(ctx, lines, disclosureShape);
	const asked = people.flatMap(({ id, arrivals }) =>
		arrivals.map((arrival) => {
			const { line, input } = arrival;
			const key = run !== undefined && !input.at ? { key: `${run}/${line}` } : {};
			return { arrival, personId: id, disclosure: { ...toDisclosure(input), ...key } };
		})
	);
	const released = await disclosures.releaseMany(ctx, asked);
	for (const [index, { arrival }] of asked.entries())
		outcomes.push(outcomeOf(arrival, released[index] as disclosures.DisclosureOutcome));
	return outcomes.sort((a, b) => a.line - b.line);
}
