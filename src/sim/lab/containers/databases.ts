/**
 * How databases of people's images begin: what their entrypoints say, and when they give up. What they keep, they keep in
 * their files: a volume there is found again. They speak no protocol.
 */
import type { ContainerState } from './states.ts';

export interface Start {
	readonly state: ContainerState;
	readonly env: Readonly<Record<string, string>>;
	/** Version of its tag, or of the lab's time. */
	readonly version: string;
	/** `2022-08-31 10:00:05`, and what may follow a second. */
	readonly time: string;
	readonly micros: string;
}

export interface Started {
	readonly lines: readonly string[];
	/** Set when it gives up. */
	readonly code?: number;
}

const given = (env: Readonly<Record<string, string>>, ...names: readonly string[]): boolean =>
	names.some((name) => (env[name] ?? '') !== '' || env[`${name}_FILE`] !== undefined);

/** docker-entrypoint.sh of docker-library/mysql @ 8.0 and MariaDB/mariadb-docker @ 10.9. */
export function mysqlStarts({ state, env, version, time }: Start, maria: boolean): Started {
	const name = maria ? 'MariaDB' : 'MySQL';
	const prefix = maria ? 'MARIADB' : 'MYSQL';
	const shown = maria ? `1:${version}+maria~ubu2204` : `${version}-1.el8`;
	const stamp = `${time}+00:00`;
	const note = (text: string): string => `${stamp} [Note] [Entrypoint]: ${text}`;
	const lines = [note(`Entrypoint script for ${name} Server ${shown} started.`)];
	if (state.user.uid === 0)
		lines.push(
			note("Switching to dedicated user 'mysql'"),
			note(`Entrypoint script for ${name} Server ${shown} started.`),
		);
	const known = state.disk.stat('/var/lib/mysql/mysql') !== undefined;
	const names = ['ROOT_PASSWORD', maria ? 'ALLOW_EMPTY_ROOT_PASSWORD' : 'ALLOW_EMPTY_PASSWORD', 'RANDOM_ROOT_PASSWORD'];
	const told = given(
		env,
		...names.flatMap((n) => [`MYSQL_${n}`, `${prefix}_${n}`]),
		'MYSQL_ALLOW_EMPTY_PASSWORD',
		'MARIADB_ROOT_PASSWORD_HASH',
	);
	if (!known && !told)
		return {
			lines: [
				...lines,
				`${stamp} [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified`,
				...(maria
					? [
							'\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD',
						]
					: [
							'    You need to specify one of the following as an environment variable:',
							'    - MYSQL_ROOT_PASSWORD',
							'    - MYSQL_ALLOW_EMPTY_PASSWORD',
							'    - MYSQL_RANDOM_ROOT_PASSWORD',
						]),
			],
			code: 1,
		};
	if (!known) {
		const fault = state.disk.mkdir('/var/lib/mysql/mysql', { parents: true });
		if (fault)
			return {
				lines: [...lines, `mysqld: Can't create directory '/var/lib/mysql/' (OS errno ${fault === 'EROFS' ? 30 : 13})`],
				code: 1,
			};
		lines.push(note('Initializing database files'), note('Database files initialized'));
		const database = env[`${prefix}_DATABASE`] ?? env.MYSQL_DATABASE;
		if (database) {
			lines.push(note(`Creating database ${database}`));
			state.disk.mkdir(`/var/lib/mysql/${database}`, { parents: true });
		}
		const user = env[`${prefix}_USER`] ?? env.MYSQL_USER;
		if (user) lines.push(note(`Creating user ${user}`));
		lines.push('', note(`${name} init process done. Ready for start up.`), '');
	}
	const short = version.split('-')[0];
	lines.push(
		maria
			? `${time} 0 [Note] mariadbd: ready for connections.`
			: `${time.replace(' ', 'T')}.000000Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '${short}'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.`,
	);
	if (maria)
		lines.push(
			`Version: '${short}-MariaDB-1:${short}+maria~ubu2204'  socket: '/run/mysqld/mysqld.sock'  port: 3306  mariadb.org binary distribution`,
		);
	return { lines };
}

/** docker-entrypoint.sh of docker-library/postgres @ 14. */
export function postgresStarts({ state, env, version, time, micros }: Start): Started {
	const data = env.PGDATA ?? '/var/lib/postgresql/data';
	const known = state.disk.stat(`${data}/PG_VERSION`) !== undefined;
	const log = (pid: number, text: string): string => `${time}.${micros.slice(0, 3)} UTC [${pid}] LOG:  ${text}`;
	if (!known && !given(env, 'POSTGRES_PASSWORD') && env.POSTGRES_HOST_AUTH_METHOD !== 'trust')
		return {
			lines: `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html`.split('\n'),
			code: 1,
		};
	const lines: string[] = [];
	if (known) lines.push('', 'PostgreSQL Database directory appears to contain a database; Skipping initialization', '');
	else {
		lines.push(
			'The files belonging to this database system will be owned by user "postgres".',
			'This user must also own the server process.',
			'',
		);
		const fault =
			state.disk.mkdir(data, { parents: true }) ?? state.disk.write(`${data}/PG_VERSION`, `${version.split('.')[0]}\n`);
		if (fault && fault !== 'EEXIST')
			return {
				lines: [
					`chmod: changing permissions of '${data}': ${fault === 'EROFS' ? 'Read-only file system' : 'Operation not permitted'}`,
				],
				code: 1,
			};
		lines.push('PostgreSQL init process complete; ready for start up.', '');
	}
	lines.push(
		log(
			1,
			`starting PostgreSQL ${version} (Debian ${version}-1.pgdg110+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 10.2.1-6) 10.2.1 20210110, 64-bit`,
		),
		log(1, 'listening on IPv4 address "0.0.0.0", port 5432'),
		log(1, 'listening on IPv6 address "::", port 5432'),
		log(1, 'listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"'),
		log(known ? 26 : 60, `database system was shut down at ${time} UTC`),
		log(1, 'database system is ready to accept connections'),
	);
	return { lines };
}
