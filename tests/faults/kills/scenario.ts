// What a scenario of the kill tests is. harness.ts says how to add one.
import type { Context } from '../../../src/lib/server/context.ts';
import type { Random } from '../../../src/lib/server/demonstration/random.ts';
import type { Mail } from './mail-server.ts';

/** A portal on databases of its own, opened by the test itself; between kills nobody else has it open. */
export interface World {
	ctx: Context;
	/** The data folder. */
	folder: string;
	random: Random;
	/** Everything that the mail server took, in order; a message that was sent twice stands here twice. */
	mails: readonly Mail[];
	/** How often the process was killed so far. */
	kills: number;
}

export interface Scenario<Given = unknown> {
	name: string;
	/** What only one engine does. */
	only?: 'sqlite' | 'postgres';
	/** More settings for the portal, such as another set of master keys. */
	settings?: Record<string, string>;
	/** The mail server takes its time, so that a kill meets messages at every step of their way. */
	slowMail?: true;
	/** How many of these kills there are at least where a few of all are done, and where many are. */
	leastKills?: { few: number; many: number };
	/** Makes the people and what is to be done; answers (as JSON) what the other steps need to know. */
	prepare(world: World): Promise<Given>;
	/**
	 * Runs in the process that is killed, from its beginning after every kill; resolves when nothing is left to be done.
	 * `workUntil` works off what is due; a command is called as its verb.
	 */
	drive(ctx: Context, given: Given): Promise<void>;
	/** What must hold at any instant, however far the process had come. */
	checkKilled?(world: World, given: Given): Promise<void>;
	/** What must hold when the process has ended by itself. */
	check(world: World, given: Given): Promise<void>;
}

/** Keeps the types of a scenario's steps together while the registry forgets them. */
export const scenario = <Given>(steps: Scenario<Given>): Scenario => steps as Scenario;
