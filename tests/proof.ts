// `npm run proof`: the long proofs, one file each below tests/proof/, and their dated result in docs/proofs.md.
//
//   npm run proof                 all of them
//   npm run proof -- kills        those whose name contains the word
//   CANDOR_PROOF_SEED=42          the same chance as a former run
import { appendFileSync, existsSync, globSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomInt } from 'node:crypto';

/** What a proof is given, and what it answers: `told` is one line for docs/proofs.md. Throwing says that it failed. */
export type Proof = (given: { seed: number; log(line: string): void }) => Promise<{ told: string }>;

const root = fileURLToPath(new URL('..', import.meta.url));
const record = join(root, 'docs/proofs.md');
const seed = Number(process.env.CANDOR_PROOF_SEED ?? randomInt(2 ** 31));
const wanted = process.argv.slice(2);
const files = globSync('tests/proof/*.proof.ts', { cwd: root })
	.sort()
	.filter((file) => !wanted.length || wanted.some((word) => basename(file).includes(word)));

const rows: string[] = [];
let failed = 0;
for (const file of files) {
	const name = basename(file, '.proof.ts');
	console.log(`${name} …`);
	const startedAt = performance.now();
	const { proof } = (await import(join(root, file))) as { proof: Proof };
	const told = await proof({ seed, log: (line) => console.log(`  ${line}`) }).then(
		(outcome) => outcome.told,
		(problem: unknown) => {
			failed += 1;
			console.error(problem);
			return `**failed**: ${problem instanceof Error ? problem.message.split('\n')[0] : String(problem)}`;
		}
	);
	const seconds = Math.round((performance.now() - startedAt) / 1_000);
	console.log(`  ${told} (${seconds} s)`);
	rows.push(`| ${name} | ${told.replaceAll('|', '\\|')} | ${seconds} s |`);
}
if (rows.length) writeDown();
console.log(`\n${rows.length - failed} proved, ${failed} failed`);
process.exitCode = failed > 0 || rows.length === 0 ? 1 : 0;

function writeDown(): void {
	if (!existsSync(record)) {
		writeFileSync(record, '# Long proofs\n\nWritten by `npm run proof`; a seed makes the same run again.\n');
	}
	const day = new Date().toISOString().slice(0, 10);
	const machine = `${type()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
	const table = `| proof | result | took |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
	appendFileSync(record, `\n## ${day} · seed ${seed}\n\n${machine}\n\n${table}`);
}
