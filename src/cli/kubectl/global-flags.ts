/** `kubectl options`: flags that every command takes. Source: cli-runtime pkg/genericclioptions/config_flags.go @ v0.24.0. */
import type { Flag } from '../cobra/index.ts';

const text = (name: string, usage: string, short?: string, value?: string): Flag => ({
	name,
	type: 'string',
	usage,
	...(short ? { short } : {}),
	...(value ? { default: value } : {}),
});

export const GLOBAL_FLAGS: readonly Flag[] = [
	text(
		'as',
		'Username to impersonate for the operation. User could be a regular user or a service account in a namespace.',
	),
	{
		name: 'as-group',
		type: 'array',
		usage: 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups.',
	},
	text('as-uid', 'UID to impersonate for the operation.'),
	{ name: 'cache-dir', type: 'string', default: '/home/learner/.kube/cache', usage: 'Default cache directory' },
	text('certificate-authority', 'Path to a cert file for the certificate authority'),
	text('client-certificate', 'Path to a client certificate file for TLS'),
	text('client-key', 'Path to a client key file for TLS'),
	text('cluster', 'The name of the kubeconfig cluster to use'),
	text('context', 'The name of the kubeconfig context to use'),
	{
		name: 'insecure-skip-tls-verify',
		type: 'bool',
		usage:
			"If true, the server's certificate will not be checked for validity. This will make your HTTPS connections insecure",
	},
	text('kubeconfig', 'Path to the kubeconfig file to use for CLI requests.'),
	{
		name: 'log-flush-frequency',
		type: 'duration',
		default: '5s',
		usage: 'Maximum number of seconds between log flushes',
	},
	{ name: 'match-server-version', type: 'bool', usage: 'Require server version to match client version' },
	text('namespace', 'If present, the namespace scope for this CLI request', 'n'),
	text('password', 'Password for basic authentication to the API server'),
	text(
		'profile',
		'Name of profile to capture. One of (none|cpu|heap|goroutine|threadcreate|block|mutex)',
		undefined,
		'none',
	),
	text('profile-output', 'Name of the file to write the profile to', undefined, 'profile.pprof'),
	{
		name: 'request-timeout',
		type: 'string',
		default: '0',
		usage:
			"The length of time to wait before giving up on a single server request. Non-zero values should contain a corresponding time unit (e.g. 1s, 2m, 3h). A value of zero means don't timeout requests.",
	},
	text('server', 'The address and port of the Kubernetes API server', 's'),
	text(
		'tls-server-name',
		'Server name to use for server certificate validation. If it is not provided, the hostname used to contact the server is used',
	),
	text('token', 'Bearer token for authentication to the API server'),
	text('user', 'The name of the kubeconfig user to use'),
	text('username', 'Username for basic authentication to the API server'),
	{ name: 'v', short: 'v', type: 'int', default: '0', usage: 'number for the log level verbosity' },
	text('vmodule', 'comma-separated list of pattern=N settings for file-filtered logging'),
	{
		name: 'warnings-as-errors',
		type: 'bool',
		usage: 'Treat warnings received from the server as errors and exit with a non-zero exit code',
	},
];
