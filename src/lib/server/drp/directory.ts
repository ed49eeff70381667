// Promise: an agent is somebody whom the organisation listed, with the key that proves their signature.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { Context } from '../context.ts';

export interface Agent {
	id: string;
	name: string;
	key: KeyObject;
}

const entry = z.looseObject({
	id: z.string().regex(/^[A-Za-z0-9._:-]{1,100}$/),
	name: z.string().min(1).max(200),
	verify_key: z.base64()
});

/** An Ed25519 public key as 32 raw bytes, behind the header that names it (RFC 8410). */
const header = Buffer.from('302a300506032b6570032100', 'hex');

let kept: { file: string; changedAt: number; agents: ReadonlyMap<string, Agent> } | undefined;

function read(file: string): ReadonlyMap<string, Agent> {
	const entries = z.array(entry).parse(JSON.parse(readFileSync(file, 'utf8')));
	return new Map(
		entries.map(({ id, name, verify_key }) => {
			const raw = Buffer.from(verify_key, 'base64');
			if (raw.length !== 32) throw new Error(`agent ${id}: verify_key has not 32 bytes`);
			const key = createPublicKey({ key: Buffer.concat([header, raw]), format: 'der', type: 'spki' });
			return [id, { id, name, key }];
		})
	);
}

/** The agents of the directory file, read again when it changed; none without one, or when it cannot be read. */
function agents({ settings, log }: Context): ReadonlyMap<string, Agent> {
	const file = settings.drpAgentsFile;
	if (!file) return new Map();
	try {
		const changedAt = statSync(file).mtimeMs;
		if (kept?.file !== file || kept.changedAt !== changedAt) kept = { file, changedAt, agents: read(file) };
		return kept.agents;
	} catch (err) {
		log.error({ err }, 'the directory of agents cannot be read');
		return new Map();
	}
}

export const agentOf = (ctx: Context, id: string): Agent | undefined => agents(ctx).get(id);

/** Whether agents can ask here at all. */
export const isOpen = ({ settings }: Pick<Context, 'settings'>): boolean =>
	settings.drpAgentsFile !== undefined && settings.drpBusinessId !== undefined;
