// `candor verify`: whether something that the portal gave out is as it was given, and whether its own past is.
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { verifyAudit } from './verify-audit.ts';
import { verifyVolumes } from './verify-export.ts';
import { verifyFile, type Verdict } from './verify-file.ts';
import { keysIn } from './verify-keys.ts';
import { withPortal } from './with-portal.ts';

interface Options {
	keys?: string;
	heads?: string;
}

export function addVerify(program: Command): void {
	program
		.command('verify')
		.description(
			'Check a certificate or a receipt (.jws), an export (ZIP, or its manifest.json; all its volumes at once), a proof of activity; or all that was written down.'
		)
		.argument('<what...>', 'a file, the volumes of an export, or the word audit')
		.option(
			'--keys <file>',
			'the public keys, as /.well-known/jwks.json gives them; this portal’s own without it'
		)
		.option('--heads <file>', 'for audit: signed heads that were kept elsewhere, a line each')
		.action(([what = '', ...further]: string[], options: Options, command: Command) =>
			what === 'audit' && further.length === 0
				? audit(options, command)
				: files([what, ...further], options, command)
		);
}

async function files(paths: readonly string[], { keys, heads }: Options, command: Command): Promise<void> {
	if (heads) throw new Refused(['--heads goes with `candor verify audit`.'], 2);
	const absent = paths.filter((path) => !existsSync(path));
	if (absent.length)
		throw new Refused(
			absent.map((path) => `There is no file ${path}.`),
			2
		);
	const believed = keys ? await keysIn(keys) : (await withPortal((ctx) => ctx.signer.publicKeys())).keys;
	const [first = '', ...further] = paths;
	const verdict = further.length ? await verifyVolumes(paths, believed) : await verifyFile(first, believed);
	const fits = verdict.problems.length === 0;
	answer(command, { ...verdict, fits }, [...verdict.says, ...(fits ? [fitting(verdict)] : [])]);
	if (!fits) throw new Refused(verdict.problems);
}

/** One volume fitting says nothing of the others. */
const fitting = ({ notGiven = [] }: Verdict): string =>
	notGiven.length
		? `This volume fits. Not given, and not checked: ${notGiven.map((number) => `volume ${number}`).join(', ')}. Give all volumes at once.`
		: 'Everything fits.';

async function audit({ keys, heads }: Options, command: Command): Promise<void> {
	if (keys)
		throw new Refused(['--keys goes with a file; the audit is checked with the portal’s own keys.'], 2);
	if (heads && !existsSync(heads)) throw new Refused([`There is no file ${heads}.`], 2);
	const { result, says, problems } = await withPortal((ctx) => verifyAudit(ctx, heads));
	answer(command, result, says);
	if (problems.length > 0) throw new Refused(problems);
}
