/** What can be wrong with octets that are read. */
export type WireErrorCode =
	/** A header or its payload ends before its length says. */
	| 'truncated'
	/** An ethertype other than IPv4 and ARP. */
	| 'ethertype'
	/** An ARP packet that is not Ethernet over IPv4, or neither request nor reply. */
	| 'arp'
	/** IP version is not 4. */
	| 'version'
	/** A header or total length that cannot be. */
	| 'length'
	/** A checksum that does not verify. */
	| 'checksum'
	/** A TCP option whose length runs past the header or is not the option's. */
	| 'option';

/** Where reading failed: `offset` is in octets from the start of what was given to the decoder. */
export interface WireError {
	readonly code: WireErrorCode;
	readonly offset: number;
}

/** The value read, or the error. */
export type Decoded<T> =
	| { readonly value: T; readonly error?: undefined }
	| { readonly value?: undefined; readonly error: WireError };

export const fail = (code: WireErrorCode, offset: number): { readonly error: WireError } => ({
	error: { code, offset },
});
