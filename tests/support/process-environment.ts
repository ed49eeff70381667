// What every process that a test starts gets of the environment: where programs lie, and what Node compiled before.
import { fileURLToPath } from 'node:url';

export const processEnvironment = {
	PATH: process.env['PATH'] ?? '',
	/** Starting a process takes half the time. The launcher names the same folder. */
	NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/candor-compiled', import.meta.url))
};
