// Promise: logs carry ids and codes, never what a person typed or what is held about them.
import pino from 'pino';

export type Log = Pick<pino.Logger, 'info' | 'warn' | 'error' | 'debug'>;

/** Errors are logged by name and stack alone: a database driver puts values into its messages. */
function describeError(error: unknown): Record<string, unknown> {
	if (!(error instanceof Error)) return { name: typeof error };
	const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
	const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
	return { name: error.name, ...code, stack: frames.slice(0, 12).join('\n') };
}

export const openLog = (level: string): Log =>
	pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } });
