/** Formats of texts that the API server checks. Source: k8s.io/kube-openapi pkg/validation/strfmt @ v0.24.0's version. */
import { parseInterface, parseIp } from '../../wire/index.ts';

const IPV6 = /^(?=.*:.*:)[0-9a-f:]{2,39}$/i;
const isIp4 = (value: string): boolean => parseIp(value) !== undefined;

const FORMATS: Readonly<Record<string, (value: string) => boolean>> = {
	ipv4: isIp4,
	ipv6: (value) => IPV6.test(value),
	cidr: (value) => {
		const [address = '', bits = ''] = value.split('/');
		return parseInterface(value) !== undefined
			? value.includes('/')
			: IPV6.test(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= 128;
	},
	date: (value) => /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(value),
	'date-time': (value) =>
		/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(
			value,
		),
	uuid: (value) => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(value),
	email: (value) => /^[^\s@]+@[^\s@]+$/.test(value),
	byte: (value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
};

/** The check of a format; undefined for one that the server lets pass. */
export const formatOf = (name: string): ((value: string) => boolean) | undefined => FORMATS[name];
