// Promise: every way in which a choice can come has a name, and the person reads it beside the choice.

/** By which way a change came; each has a sentence at `messages:origin.<code>`. */
export type Origin =
	| 'page'
	| 'footer-link'
	| 'one-click'
	| 'import'
	| 'api'
	| 'undo'
	| 'mail'
	| 'sms'
	| 'gpc'
	/** Somebody acts for the person, in their name. */
	| 'agent'
	/** Said by phone, in a letter or at a counter; a member of staff wrote it down. */
	| 'staff'
	| 'carrier'
	| 'complaint'
	| 'bounce'
	/** The person was asked whether it still stands, and said that it does. */
	| 'confirmed'
	/** They were asked and said nothing, where that ends it. */
	| 'unconfirmed';
