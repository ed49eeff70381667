// Pages ship no script, so nothing that `load` answers is read in a browser. SvelteKit would still write all of it down
// at every request, and refuse what cannot be written, such as the translation's functions.
import type { Transport } from '@sveltejs/kit';

export const transport: Transport = { nothing: { encode: () => true, decode: () => undefined } };
