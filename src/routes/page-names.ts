// What the navigation calls a page of a person.
import type { Translation } from '$lib/i18n/catalogues';

export const nameOfPage = ({ t }: Pick<Translation, 't'>, page: string): string =>
	t(`common:navigation.${page === '/' ? 'overview' : (page.split('/')[1] as string)}`);
