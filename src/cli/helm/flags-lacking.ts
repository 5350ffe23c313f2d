/**
 * Flags of helm that the simulator's does not take, by command: they are no unknown flags.
 *
 * Source: helm cmd/helm/*.go, pkg/cli/environment.go AddFlags @ v3.9.4.
 */
const FROM = 'ca-file cert-file key-file insecure-skip-tls-verify keyring pass-credentials password username verify';

const FLAGS: Readonly<Record<string, string>> = {
	'': 'kube-apiserver kube-as-group kube-as-user kube-ca-file kube-token registry-config repository-cache repository-config',
	install: `${FROM} name-template post-renderer post-renderer-args`,
	upgrade: `${FROM} post-renderer post-renderer-args dependency-update`,
	template: `${FROM} name-template post-renderer post-renderer-args dependency-update replace`,
	show: FROM,
	pull: FROM,
	package: 'key keyring passphrase-file sign',
	dependency: 'keyring verify',
	get: 'template',
	version: 'client template',
	rollback: 'force recreate-pods cleanup-on-fail history-max',
	repo: `${FROM} allow-deprecated-repos no-update force-update fail-on-repo-update-fail`,
	search: 'devel regexp max-col-width fail-on-no-result endpoint list-repo-url',
};

/** The sentence for such a flag of a command (`helm install`). */
export function flagLacking(path: string, message: string): string | undefined {
	const name = /^unknown flag: --(\S+)$/.exec(message)?.[1];
	if (name === undefined) return undefined;
	const [, command = ''] = path.split(' ');
	const all = `${FLAGS['']} ${FLAGS[command] ?? ''}`.split(' ');
	return all.includes(name) ? `the simulator’s helm does not take --${name}` : undefined;
}
