// How a component comes by its texts: the root layout sets the translation, every route component may take it.
import { getContext, setContext } from 'svelte';
import type { Translation } from './catalogues.ts';

const key = Symbol('translation');

export const setTranslation = (current: () => Translation): void => {
	setContext(key, current);
};

/** The translation of the page that is being rendered. */
export const translation = (): Translation => getContext<() => Translation>(key)();
