import { overview } from './overview';

export const load = ({ locals }) => overview(locals);
