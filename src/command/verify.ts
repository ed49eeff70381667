// `candor verify`: whether something that the portal gave out is as it was given, and whether its own past is.
import type { Command } from 'commander';
import type { JWK } from 'jose';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { answer } from './answer.ts';
import { Refused } from './refused.ts';
import { verifyAudit } from './verify-audit.ts';
import { verifyFile } from './verify-file.ts';
import { withPortal } from './with-portal.ts';

interface Options {
	keys?: string;
	heads?: string;
}

export function addVerify(program: Command): void {
	program
		.command('verify')
		.description(
			'Check a certificate or a receipt (.jws), an export (ZIP, or its manifest.json), a proof of activity; or all that was written down.'
		)
		.argument('<what>', 'a file, or the word audit')
		.option(
			'--keys <file>',
			'the public keys, as /.well-known/jwks.json gives them; this portal’s own without it'
		)
		.option('--heads <file>', 'for audit: signed heads that were kept elsewhere, a line each')
		.action((what: string, options: Options, command: Command) =>
			what === 'audit' ? audit(options, command) : file(what, options, command)
		);
}

/** A wrong file is wrong usage; which keys are in it decides what is believed. */
async function keysIn(path: string): Promise<JWK[]> {
	try {
		const { keys } = JSON.parse(await readFile(path, 'utf8')) as { keys: JWK[] };
		if (Array.isArray(keys)) return keys;
	} catch {
		// Told below, whatever it was.
	}
	throw new Refused([`--keys: ${path} holds no JSON Web Key Set.`], 2);
}

async function file(path: string, { keys, heads }: Options, command: Command): Promise<void> {
	if (heads) throw new Refused(['--heads goes with `candor verify audit`.'], 2);
	if (!existsSync(path)) throw new Refused([`There is no file ${path}.`], 2);
	const believed = keys ? await keysIn(keys) : (await withPortal((ctx) => ctx.signer.publicKeys())).keys;
	const verdict = await verifyFile(path, believed);
	answer(command, { ...verdict, fits: verdict.problems.length === 0 }, verdict.says);
	if (verdict.problems.length > 0) throw new Refused(verdict.problems);
}

async function audit({ keys, heads }: Options, command: Command): Promise<void> {
	if (keys)
		throw new Refused(['--keys goes with a file; the audit is checked with the portal’s own keys.'], 2);
	if (heads && !existsSync(heads)) throw new Refused([`There is no file ${heads}.`], 2);
	const { result, says, problems } = await withPortal((ctx) => verifyAudit(ctx, heads));
	answer(command, result, says);
	if (problems.length > 0) throw new Refused(problems);
}
