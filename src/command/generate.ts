// `candor generate`: many invented people, for benchmarks; into an empty database of the demonstration only.
import { InvalidArgumentError, type Command } from 'commander';
import { generate } from '../lib/server/demonstration/demonstration.ts';
import { answer } from './answer.ts';
import { progressOf } from './progress.ts';
import { Refused } from './refused.ts';
import { withPortal } from './with-portal.ts';

function count(text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('write a whole number.');
	return Number(text);
}

interface Options {
	people: number;
	seed: string;
	giant: number;
}

export function addGenerate(program: Command): void {
	program
		.command('generate')
		.description('Invent people for benchmarks, into an empty database of the demonstration.')
		.requiredOption('--people <count>', 'how many', count)
		.requiredOption(
			'--light',
			'profile, identifiers, preferences, three records and one disclosure each; a hundred can sign in'
		)
		.option('--giant <records>', 'one of them with so many records', count, 0)
		.option('--seed <text>', 'the same seed invents the same people', 'light')
		.action((options: Options, command: Command) => run(options, command));
}

async function run({ people, seed, giant }: Options, command: Command): Promise<void> {
	const progress = progressOf(people + giant);
	const outcome = await withPortal((ctx) =>
		generate(ctx, { people, giant, seed }, (done, what) => progress.show(done, what))
	);
	progress.end();
	if ('refused' in outcome)
		throw new Refused([
			outcome.refused === 'not-empty'
				? 'Somebody is in this database already.'
				: 'This is not the demonstration (CANDOR_DEMONSTRATION=1).'
		]);
	answer(command, outcome, [
		`${outcome.people} people and ${outcome.records} records in ${Math.round(outcome.seconds)} seconds.`,
		...Object.entries(outcome.spent).map(([what, seconds]) => `    ${what}: ${seconds.toFixed(1)} s`)
	]);
}
