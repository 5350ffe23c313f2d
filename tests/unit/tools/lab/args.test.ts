import { describe, expect, it } from 'vitest';
import { parseArgs } from '../../../../tools/lab/args.ts';

const complaint = (...argv: string[]): string => {
	try {
		parseArgs(argv);
	} catch (error) {
		return (error as Error).message;
	}
	return '';
};

describe('flags of lab', () => {
	it('reads the example of the help', () => {
		const args = parseArgs('--scenario kind-basic --etp Cluster --from host --to 172.18.0.4:32017 --json'.split(' '));
		expect(args).toMatchObject({
			scenario: 'kind-basic',
			settings: { externalTrafficPolicy: 'Cluster' },
			from: 'host',
			to: { ip: 0xac120004, port: 32017 },
			json: true,
			udp: false,
		});
	});

	it('takes values after a blank and after "="', () => {
		expect(parseArgs(['--replicas=3', '--sport', '40000'])).toMatchObject({ settings: { replicas: 3 }, sport: 40000 });
	});

	it('collects Helm values, several in one --set as Helm has it', () => {
		expect(parseArgs(['--set', 'tunnel=disabled,a.b=c', '--set', 'x=y=z']).helm).toEqual({
			tunnel: 'disabled',
			'a.b': 'c',
			x: 'y=z',
		});
	});

	it('makes the service of a preset UDP with --udp', () => {
		expect(parseArgs(['--udp']).settings).toEqual({ protocol: 'UDP' });
	});

	it.each([
		[['--replicas', '-1'], 'replicas must be a whole number from 0 to 100, not "-1" (--replicas)'],
		[['--replicas', '1e1'], 'replicas must be a whole number from 0 to 100, not "1e1" (--replicas)'],
		[['--replicas', '101'], 'replicas must be a whole number from 0 to 100, not "101" (--replicas)'],
		[['--etp', 'local'], 'externalTrafficPolicy must be Cluster or Local, not "local" (--etp)'],
		[['--kube-proxy', 'ipvs'], 'kubeProxy must be iptables, none or stale, not "ipvs" (--kube-proxy)'],
		[['--to', '172.18.0.4'], 'the address to connect to is written IP:PORT, not "172.18.0.4" (--to)'],
		[['--to', '172.18.0.400:80'], '"172.18.0.400" is not an IPv4 address (--to)'],
		[['--to', '172.18.0.4:0'], 'port must be a whole number from 1 to 65535, not "0" (--to)'],
		[['--to', '172.18.0.4:99999'], 'port must be a whole number from 1 to 65535, not "99999" (--to)'],
		[['--set', 'tunnel'], 'a Helm value is written key=value, not "tunnel" (--set)'],
		[['--json=yes'], '--json takes no value (--json)'],
		[['--from'], '--from needs a value: WHERE (--from)'],
		[['--from', '--json'], '--from needs a value: WHERE (--from)'],
		[['--from', 'host', '--from', 'host'], '--from is given twice (--from)'],
		[['--scenario', 'a', '--scenario-file', 'b'], 'give --scenario or --scenario-file, not both (--scenario-file)'],
	])('%j is refused in one line', (argv, line) => {
		expect(complaint(...argv)).toBe(line);
	});

	it('names the flags there are when one is unknown', () => {
		expect(complaint('--policy', 'Local')).toMatch(/^unknown flag "--policy"; the flags are --scenario, .*--help/);
		expect(complaint('host')).toMatch(/^"host" is not a flag; .* \(argument 1\)$/);
		expect(complaint('--constructor')).toMatch(/^unknown flag "--constructor"/);
	});
});
