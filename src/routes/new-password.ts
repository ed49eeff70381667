// The field for a new password, wherever one is set.
import { z } from 'zod';
import type { Problems, Typed } from '$lib/forms/read-form';

export const newPassword = z.object({ 'new-password': z.string().min(1).max(500) });

/** What is wrong with the password, as the form says it; never what was typed. */
export const passwordProblem = (code: string): { problems: Problems; typed: Typed } => ({
	problems: { 'new-password': { code } },
	typed: {}
});
