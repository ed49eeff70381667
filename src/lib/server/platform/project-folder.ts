// Where the project lies, whether this runs from the sources, from the build or in a worker thread.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function find(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'svelte.config.js'))) {
		const parent = dirname(folder);
		if (parent === folder)
			throw new Error('Candor runs from its project folder, which holds svelte.config.js');
		folder = parent;
	}
	return folder;
}

export const projectFolder = find();
