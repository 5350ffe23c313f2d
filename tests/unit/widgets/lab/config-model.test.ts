import { describe, expect, it } from 'vitest';
import { type Config, configOf, differences, VERSIONS } from '../../../../src/widgets/lab/config-model.ts';

const config = (version: string, text: string): Config => {
	const read = configOf({ version, text });
	if ('error' in read) throw new Error(read.error);
	return read;
};

describe('values and the ConfigMap', () => {
	it('a key has the value behind it named, whichever way it was written', () => {
		for (const text of ['bpf:\n  masquerade: true\n', '--set bpf.masquerade=true', 'bpf.masquerade=true']) {
			const { data, by } = config('1.12.1', text);
			expect(data.get('enable-bpf-masquerade')).toBe('true');
			expect(by.get('enable-bpf-masquerade')).toEqual(['bpf.masquerade']);
		}
	});

	it('mode two of three differs from mode one in two keys, mode three in one more', () => {
		const one = config('1.12.1', 'kubeProxyReplacement: disabled');
		const two = config('1.12.1', 'kubeProxyReplacement: strict');
		const three = config('1.12.1', 'kubeProxyReplacement: strict\nbpf:\n  masquerade: true\n');
		expect(differences(one.data, two.data).map((d) => d.key)).toEqual([
			'kube-proxy-replacement',
			'kube-proxy-replacement-healthz-bind-address',
		]);
		expect(differences(two.data, three.data).map((d) => d.key)).toEqual(['enable-bpf-masquerade']);
	});

	it('misspelt keys do nothing and are told apart from known ones that change no key', () => {
		const { given, data } = config(
			'1.13.4',
			'dubug:\n  enabled: true\nk8sServiceHost: 10.0.0.1\ndebug:\n  enabled: true\n',
		);
		expect(given).toEqual([
			{ path: 'dubug.enabled', text: 'true', kind: 'unknown', near: 'debug.enabled' },
			{ path: 'k8sServiceHost', text: '10.0.0.1', kind: 'no-key' },
			{ path: 'debug.enabled', text: 'true', kind: 'sets' },
		]);
		expect(differences(config('1.13.4', '').data, data).map((d) => d.key)).toContain('debug');
	});

	it('refusals are in the words of who refuses', () => {
		expect(configOf({ version: '1.18.11', text: 'tunnel: disabled' })).toMatchObject({
			by: 'chart',
			error: expect.stringContaining('tunnel was deprecated in v1.14 and has been removed in v1.15'),
		});
		expect(configOf({ version: '1.12.1', text: '--set a' })).toMatchObject({ by: 'values' });
		expect(configOf({ version: '1.12.1', text: 'a: [' })).toMatchObject({
			by: 'values',
			error: expect.stringContaining('failed to parse values.yaml'),
		});
	});

	it('without values every version is its own default', () => {
		for (const version of VERSIONS) expect(config(version, '').data.size).toBeGreaterThan(50);
		expect(differences(config('1.12.1', '').data, config('1.18.11', '').data).length).toBeGreaterThan(40);
	});
});
