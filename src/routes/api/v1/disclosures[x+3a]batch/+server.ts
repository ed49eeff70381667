import { disclosures } from '$lib/server/intake/intake';
import { batch } from '../batch';
import { notAllowed } from '../problem';

export const POST = batch('disclosures:write', disclosures);

export const fallback = notAllowed('POST');
