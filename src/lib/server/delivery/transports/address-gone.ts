// What the other side says of an address in three numbers (RFC 3463).

/**
 * The address is gone or never was: 5.1 but what it says of the sender's own address, a mailbox that is switched off, a domain
 * without mail. A full mailbox, a mail that is too large or is taken for spam says nothing of the kind.
 * 5.0.0 says nothing but no: of the address only where the answer was to the address.
 */
export const saysGone = (status: string, isToAddress = false): boolean =>
	(isToAddress && status === '5.0.0') || /^5\.(1\.(?![789]$)\d+|2\.[01]|4\.4|7\.13)$/.test(status);

/** Those numbers, wherever they stand in an answer; '' where there are none. The address of a computer has one more. */
export const statusIn = (answer: string | undefined): string =>
	/(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)/.exec(answer ?? '')?.[0] ?? '';
