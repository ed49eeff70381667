// What the portal and the thread that builds say to each other.
import type { KeyObject } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Organisation } from '../organisation/organisation.ts';
import type { Settings } from '../platform/settings.ts';
import type { Built } from './build.ts';
import type { Encrypted, Encrypting } from './encrypting.ts';
import type { Job } from './job.ts';
import type { Progress } from './progress.ts';

/** What the thread is started with; the description as it was read, so that it need not read it again. */
export interface Equipment {
	settings: Settings;
	organisation: Organisation;
	/** With what calls to systems outside are signed. */
	sourceSecrets: Context['sourceSecrets'];
}

export interface Order {
	number: number;
	job: Job;
	key: KeyObject;
	/** The instant at which the export is made: the thread does not ask the machine. */
	now: string;
	/** It waits for other large ones, and no small one waits for it. */
	isLarge: boolean;
}

/** To encrypt what was built. The passphrase is in memory alone, here and there. */
export interface LockOrder {
	number: number;
	encrypting: Encrypting;
	key: KeyObject;
}

/** Ends what is being built or encrypted, or waits to be. */
export interface Ending {
	number: number;
	end: true;
}

/** An error without its message: a database driver puts values into it. */
export interface Failure {
	name: string;
	stack: string;
	code: string | undefined;
}

/** The thread has no key that signs: it shows what it wants signed. */
export interface Question {
	number: number;
	manifest: Uint8Array;
}

export interface Signature {
	number: number;
	signature: string;
}

export type Result = Built | Encrypted[];

export type Answer =
	| { number: number; result: Result }
	| { number: number; failed: Failure }
	| { number: number; progress: Progress };
