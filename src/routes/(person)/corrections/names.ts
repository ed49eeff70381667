// What a correction is about, in the person's language: "Profile · Date of birth".
import type { Translation } from '$lib/i18n/catalogues';
import type { Context } from '$lib/server/context';
import { fieldOf } from '$lib/server/corrections/corrections';

export function nameOf(
	ctx: Pick<Context, 'organisation'>,
	{ text }: Translation,
	role: string,
	code: string
): string {
	const about = fieldOf(ctx, role, code);
	return about ? `${text(about.category.label)} · ${text(about.field.label)}` : code;
}
