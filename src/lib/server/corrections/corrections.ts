// Promise: what a person contests is used for nothing until it is decided, and whoever got it is told what came of it.
import type { Context } from '../context.ts';
import { selectRestricted } from './queries.ts';

/**
 * Codes `category.field` of what is under correction: not used, not passed on, not shown to others until the person has
 * been told how it was decided (GDPR Art. 18(1)(a), (3)). A category's record under correction restricts its field in all.
 */
export const restricted = async (ctx: Context, personId: string): Promise<ReadonlySet<string>> =>
	new Set(await selectRestricted(ctx, personId));
