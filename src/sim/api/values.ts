/** Ports and quantities: what every part of the server asks of them. */

export const PORT_TEXT = 'must be between 1 and 65535, inclusive';

export const isPort = (value: unknown): boolean =>
	typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;

/** Why a text is no port name (IANA_SVC_NAME); empty when it is. */
export const portNameErrors = (name: string): readonly string[] => {
	const errors: string[] = [];
	if (name.length > 15) errors.push('must be no more than 15 characters');
	if (!/^[-a-z0-9]+$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
	if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)');
	if (name.includes('--')) errors.push('must not contain consecutive hyphens');
	if (name !== '' && (name.startsWith('-') || name.endsWith('-'))) errors.push('must not begin or end with a hyphen');
	return errors;
};

/** A quantity as a number of its unit; undefined when it is none. */
export const quantity = (value: unknown): number | undefined => {
	const m = /^([+-]?[0-9.]+)([eE][-+]?[0-9]+)?([numkMGTPE]|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(String(value));
	if (!m) return undefined;
	const scale: Readonly<Record<string, number>> = {
		n: 1e-9,
		u: 1e-6,
		m: 1e-3,
		k: 1e3,
		M: 1e6,
		G: 1e9,
		T: 1e12,
		P: 1e15,
		E: 1e18,
	};
	const unit = m[3] ?? '';
	const binary = unit.endsWith('i') ? 1024 ** ('KMGTPE'.indexOf(unit[0]!) + 1) : undefined;
	return Number(`${m[1]}${m[2] ?? ''}`) * (binary ?? scale[unit] ?? 1);
};
