// What a correction is about ("Profile · Date of birth"), and who was told of it, by name.
import type { Translation } from '$lib/i18n/catalogues';
import type { Context } from '$lib/server/context';
import { fieldOf, type Opened } from '$lib/server/corrections/corrections';
import { partnerOf } from '$lib/server/organisation/lookup';

export function nameOf(
	ctx: Pick<Context, 'organisation'>,
	{ text }: Translation,
	role: string,
	code: string
): string {
	const about = fieldOf(ctx, role, code);
	return about ? `${text(about.category.label)} · ${text(about.field.label)}` : code;
}

export const toldOf = ({ organisation }: Pick<Context, 'organisation'>, { told }: Opened) =>
	told.map(({ partner, ...rest }) => ({ ...rest, name: partnerOf(organisation, partner)?.name ?? partner }));
