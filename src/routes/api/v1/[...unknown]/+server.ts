import { problem } from '../problem';

export const fallback = (): Response => problem('not-found');
