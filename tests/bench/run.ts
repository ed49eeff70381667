// `npm run bench`: what is measured, printed as Markdown tables with ratios. Times are never asserted.
//
//   npm run bench                 everything
//   npm run bench -- export       those whose name contains the word
//   npm run bench -- --write      docs/benchmarks.md is written anew, with the machine it ran on; what people wrote stays
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One table. Every bench file exports `bench: Bench`. */
export interface Table {
	title: string;
	columns: string[];
	rows: (string | number)[][];
	/** What the figures mean, and which ratio is asked of them. */
	note?: string;
}
export type Bench = () => Promise<Table[]>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const words = process.argv.slice(2).filter((word) => word !== '--write');
const files = globSync('tests/bench/*.bench.ts', { cwd: root })
	.sort()
	.filter((file) => !words.length || words.some((word) => basename(file).includes(word)));

const sections: string[] = [];
let failed = 0;
for (const file of files) {
	console.error(`${basename(file, '.bench.ts')} …`);
	try {
		const { bench } = (await import(join(root, file))) as { bench: Bench };
		for (const table of await bench()) {
			const text = markdown(table);
			sections.push(text);
			console.log(`\n${text}`);
		}
	} catch (problem) {
		failed += 1;
		console.error(problem);
	}
}
const report = join(root, 'docs/benchmarks.md');
if (process.argv.includes('--write') && !failed) writeFileSync(report, page());
process.exitCode = failed > 0 || files.length === 0 ? 1 : 0;

function markdown({ title, columns, rows, note }: Table): string {
	const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
	const ruler = line(columns.map((_, index) => (index === 0 ? '---' : '---:')));
	const table = [line(columns), ruler, ...rows.map(line)].join('\n');
	return `## ${title}\n\n${table}\n${note ? `\n${note}\n` : ''}`;
}

function page(): string {
	const day = new Date().toISOString().slice(0, 10);
	const [processor] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	const machine = `${type()}, ${cpus().length} × ${processor?.model.trim()}, ${memory} GiB, Node ${process.version}`;
	const head = `# Benchmarks\n\nMeasured by \`npm run bench -- --write\` on ${day}: ${machine}. Compare within one run only.\n`;
	return [head, ...sections, writtenByHand()].join('\n');
}

/** From this heading on the report is people's own words. */
function writtenByHand(): string {
	const text = readFileSync(report, 'utf8');
	const start = text.indexOf('## What falls short');
	return start < 0 ? '' : text.slice(start);
}
