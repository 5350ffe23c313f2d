import type { ExerciseWords } from '../../../src/exercises/index.ts';
import type { ExerciseId } from './index.ts';

export const fr: Record<ExerciseId, ExerciseWords> = {
	'address-snat': {
		title: 'Ce que voit le pod en mode SNAT',
		question:
			'Pas de kube-proxy, Cilium en mode snat, politique Cluster. Le pod tourne sur {pod} ({podAddress}), vous frappez à {entry} ({entryAddress}). Quelle adresse source le pod voit-il ?',
		right: 'C’est {answer}. Ce qui décide, c’est si le pod tourne ou non à la porte où vous avez frappé.',
		wrong:
			'Cette adresse n’est source nulle part sur le chemin du paquet. Lisez les étiquettes, de la porte jusqu’au pod.',
		hint: 'Comparez les quatre lignes de la boucle avec le nœud où était le pod : laquelle sortait du lot ?',
		misconceptions: {
			'always-kept':
				'eBPF ne garde pas l’adresse de lui-même. Le pod tourne ailleurs ; la réponse doit donc repasser par cette porte, et l’étape indiquée y veille.',
			'never-kept':
				'Le pod est justement à cette porte : la réponse y passe de toute façon, il n’y a donc rien à faire à la source.',
			'pods-node': 'Le nœud du pod ne touche pas à la source. Si elle est réécrite, c’est à la porte.',
		},
	},
	'map-entry': {
		title: 'La ligne qui a servi',
		question:
			'Cilium {cilium}, deux pods. Voici les lignes de `cilium bpf lb list` sur {entry} pour ce service, avec l’adresse du service répétée sur chacune. Vous avez frappé à {entry} : quelle ligne a dit au programme où envoyer votre paquet ?',
		right: 'Le frontend est l’adresse et le port que vous avez demandés, et le slot est celui qui a été tiré.',
		wrong: 'Deux choses doivent concorder : l’adresse et le port visés par le paquet, et le pod où il est allé.',
		hint: 'Une ligne de slot 0 dit comment un service est traité. Une ligne de slot supérieur dit où se trouve un backend.',
		misconceptions: {
			surrogate:
				'La ligne de 0.0.0.0 sert aux programmes posés sur les sockets de ce nœud. Un paquet qui arrive par le fil est cherché sous l’adresse qu’il porte.',
			'cluster-ip': 'Cette ligne est celle de la ClusterIP. Votre paquet visait l’adresse du nœud lui-même.',
			master:
				'Cette ligne a été lue, et la toute première. Elle dit qu’il y a ici un service, mais pas encore quel pod.',
			'other-slot': 'C’est le bon frontend, mais un autre slot a été tiré : suivez le paquet jusqu’à son pod.',
		},
	},
	'order-programs': {
		title: 'L’ordre des programmes',
		question:
			'Cilium {cilium}, mode {mode}. Vous frappez à {entry}, le pod tourne sur un autre nœud. Rangez les programmes dans l’ordre où ils s’exécutent sur le premier paquet, à {entry}.',
		right: 'Chaque tail call fait une chose et passe le paquet au suivant, et le dernier le fait sortir.',
		wrong: 'Les premiers sont en place : {at}. Que faut-il savoir avant que le suivant puisse faire son travail ?',
		hint: 'Les noms parlent : d’où vient le paquet, de quelle sorte il est, ce qu’on lui fait.',
		misconceptions: {
			'egress-first':
				'Un programme qui regarde les paquets sortants ne peut pas passer avant celui qui les voit entrer.',
			'translated-first': 'L’adresse n’est réécrite qu’une fois le service trouvé.',
		},
	},
	'home-door': {
		title: 'Deux mécaniques à une même porte',
		question:
			'Le pod tourne sur {pod}, vous frappez à {entry}, politique Cluster. Une fois c’est kube-proxy qui est aux commandes, une fois eBPF en mode snat. Lequel montre au pod votre propre adresse ?',
		right: 'kube-proxy marque avant d’avoir choisi un pod, le programme décide après.',
		wrong: 'Demandez-vous pour chacun : au moment de décider de la source, sait-il où est le pod ?',
		hint: 'La comparaison ci-dessus y répond : réglez la porte et le pod comme dans la question.',
		options: {
			both: 'Les deux',
			'only-ebpf': 'Seulement eBPF',
			'only-proxy': 'Seulement kube-proxy',
			neither: 'Aucun des deux',
		},
		misconceptions: {
			both: 'Avec la politique Cluster, kube-proxy ne la montre jamais, où que soit le pod.',
			'only-proxy': 'Ce serait plutôt l’inverse : c’est kube-proxy qui remplace toujours l’adresse.',
			'ebpf-always': 'En mode snat, le programme aussi remplace l’adresse quand le pod tourne sur un autre nœud.',
			'mode-forbids':
				'Le mode s’appelle snat, mais le programme ne le fait que là où il le faut, et ici le pod est à la porte.',
		},
	},
	'reply-way': {
		title: 'Le chemin de la réponse',
		question: 'Mode {mode}. Vous frappez à {entry}, le pod tourne sur {pod}. Par quels nœuds la réponse passe-t-elle ?',
		right: 'Elle va là où la traduction peut être défaite, et nulle part ailleurs.',
		wrong: 'Qui sait quelle adresse le client a demandée ? La réponse doit y passer.',
		hint: 'Cherchez l’étape où la source de la réponse devient l’adresse de la porte.',
		options: {
			'pods-node': 'Seulement par le nœud du pod ({pod})',
			'entry-node': 'Seulement par le nœud auquel vous avez frappé ({entry})',
			both: 'Par les deux',
		},
		misconceptions: {
			'must-return':
				'Dans ce mode, le nœud du pod a appris l’adresse de la porte ; il peut donc l’écrire lui-même dans la réponse.',
			'never-direct': 'Le pod vit sur {pod} : tout ce qu’il envoie passe d’abord par là.',
			'direct-anyway':
				'Le pod a vu l’adresse de la porte comme visiteur ; il répond donc à ce nœud, et ce nœud seul peut rétablir les deux adresses.',
		},
	},
	'option-bytes': {
		title: 'Ce qui voyage avec le paquet',
		question:
			'Mode {mode}, {protocol}. Vous frappez à {entry}, le pod tourne sur un autre nœud. De combien d’octets le premier paquet est-il plus long quand {entry} le réexpédie ?',
		right: '{answer} octets : c’est l’écart entre sa longueur à l’entrée et à la sortie.',
		wrong: 'Comparez la longueur du paquet à son entrée avec sa longueur à la sortie.',
		hint: 'Demandez-vous d’abord si ce mode dit quelque chose au nœud du pod, pour ce protocole. Si oui : type, longueur, port, adresse.',
		misconceptions: {
			'address-only':
				'Quatre octets, c’est l’adresse. Il faut aussi le port, et une option IP commence par son type et sa longueur.',
			'address-and-port':
				'Adresse et port font six octets. Une option IP en a deux de plus au début : son type et sa longueur.',
			nothing: 'Le nœud du pod ne peut pas deviner à quelle porte vous avez frappé. C’est écrit dans le paquet.',
			always: 'Ici, rien ne voyage avec le paquet : la source est remplacée, et la réponse revient d’elle-même.',
		},
	},
	'udp-hybrid': {
		title: 'Hybrid, selon le protocole',
		question:
			'Mode hybrid, {protocol}. Le pod tourne sur {pod}, vous frappez à {entry} ({entryAddress}). Quelle adresse source le pod voit-il ?',
		right: 'C’est {answer} : hybrid ne traite pas TCP et UDP de la même façon.',
		wrong: 'Cette adresse n’est source nulle part sur le chemin de ce paquet.',
		hint: 'Pour lequel des deux protocoles chaque paquet, sans exception, s’allongerait-il ?',
		misconceptions: {
			kept: 'En TCP, ce serait elle. En UDP, chaque paquet devrait porter l’option ; hybrid se rabat donc sur SNAT.',
			lost: 'En UDP, ce serait elle. En TCP, un seul paquet porte l’option, et l’adresse reste.',
			'pods-node': 'Le nœud du pod ne met jamais sa propre adresse sur une requête.',
		},
	},
	'local-by-version': {
		title: 'Local, à la mauvaise porte',
		question:
			'Cilium {cilium} sans kube-proxy, externalTrafficPolicy Local. Le pod tourne sur {pod}, vous frappez à {entry}. Avec quoi curl revient-il ?',
		right: 'D’autres versions répondent autrement : la politique ne promet rien au sujet de la mauvaise porte.',
		wrong: 'La porte n’a pas de backend à elle. La suite dépend de la version.',
		hint: 'En 1.12, un service sans backend compte comme absent, et le paquet continue vers le noyau du nœud. En 1.13 et 1.14, le programme le jette ; à partir de 1.15, le programme répond.',
		options: {
			connected: 'On lui répond',
			refused: 'Connection refused',
			timeout: 'Il attend, puis le délai expire',
			unreachable: 'No route to host',
		},
		misconceptions: {
			silent:
				'Le silence, c’est ce que fait kube-proxy ici, comme Cilium 1.13 et 1.14. Dans cette version, quelqu’un répond.',
			polite: 'Dans cette version, le programme jette le paquet à l’étape indiquée, et personne n’en est averti.',
			forwarded: 'Avec Local, aucune porte ne mène à un autre nœud, qui que ce soit qui travaille.',
		},
	},
	'each-door': {
		title: 'Porte par porte',
		question:
			'Cilium 1.12.1, {who}, politique {policy}, {protocol}. Le pod tourne sur {pod}. Vous frappez à chaque porte : que montre chaque réponse ?',
		right:
			'Trois questions suffisent : y a-t-il un pod à cette porte, la porte peut-elle relayer, et qui remet la réponse en ordre ?',
		wrong:
			'Les premières sont justes : {at}. Pour la porte suivante, demandez-vous si le pod y est ; sinon, si elle peut relayer le paquet, et au nom de qui.',
		hint: 'Trouvez d’abord la porte où est le pod. Les trois autres connaissent toutes le même sort.',
		options: {
			client: 'votre adresse',
			door: 'l’adresse de la porte',
			refused: 'connexion refusée',
			timeout: 'pas de réponse',
		},
		misconceptions: {
			'home-forgotten': 'À la porte du pod, personne n’a ici de nom à prêter ; votre adresse reste donc.',
			'all-client': 'L’adresse survit à la porte du pod. Les autres portes doivent faire autre chose du paquet.',
			forwarded: 'Avec Local, aucune porte ne relaie un paquet vers un autre nœud, au nom de personne.',
			silence:
				'Le silence, c’est la manière de kube-proxy. Cilium 1.12 laisse le paquet au noyau du nœud, et celui-ci refuse.',
			refusal: 'kube-proxy ne refuse pas ce qu’il ne peut pas relayer, il le jette sans un mot.',
		},
	},
	'agents-after': {
		title: 'Des agents sans adresse',
		question:
			'Un nouveau cluster sans kube-proxy. Cilium 1.12.1 est installé avec `kubeProxyReplacement=strict` et {k8sServiceHost}. Vous appliquez le manifeste, attendez, et frappez à {entry}. Avec quoi curl revient-il ?',
		right: 'Ce sont les agents qui ouvrent les portes, et avant toute chose il leur faut le serveur d’API.',
		wrong:
			'Demandez-vous ce que les agents peuvent faire avant que quelqu’un traduise les ClusterIP, et ce que fait un nœud d’un port que personne n’a ouvert.',
		hint: 'Sans adresse donnée, les agents essaient la ClusterIP du serveur d’API. Qui la traduit dans un cluster aussi neuf ?',
		options: {
			connected: 'On lui répond',
			refused: 'Connection refused',
			timeout: 'Il attend, puis le délai expire',
			unreachable: 'No route to host',
		},
		misconceptions: {
			'kernel-has-it':
				'Dans un cluster qui a déjà tourné, peut-être. Dans celui-ci, rien n’a jamais été écrit dans le noyau : les agents ne sont pas allés plus loin que l’adresse du serveur d’API.',
			silence:
				'Rien ne jette le paquet. Aucun programme ne connaît le port, le noyau du nœud répond donc lui-même : personne n’écoute ici.',
			'needs-proxy':
				'Avec la vraie adresse, les agents n’ont besoin de personne pour traduire, et ouvrent eux-mêmes les portes.',
		},
	},
	'lookups-grow': {
		title: 'Quand le cluster grandit',
		question:
			'C’est {who} qui fait le travail. Le pod est sur le nœud, et un client ouvre une connexion vers son NodePort. Additionnez ce que le premier paquet y coûte : les règles qu’il essaie, et les recherches que des programmes font pour lui dans des maps. Le cluster passe de {from} à {to} services. De combien la somme croît-elle ?',
		right:
			'Elle croît de {answer}. Une liste se parcourt règle par règle ; dans une map, une clé mène droit à son entrée, quel que soit le nombre des autres.',
		wrong: 'Demandez-vous ce que le paquet passe en revue un à un, et ce qui se demande par sa clé.',
		hint: 'Où les services sont-ils rangés ici : dans une liste, ou sous des clés ? Et si c’est une liste, à quel endroit un NodePort y est-il trouvé ?',
		misconceptions: {
			none: 'Cela vaut pour les paquets suivants, que conntrack connaît. Le premier doit trouver son service dans la liste.',
			half: 'La moitié de la liste, c’est ce que coûte en moyenne une ClusterIP. Un NodePort n’y a pas de place à lui : la règle qui le cherche est la dernière.',
			tree: 'Un arbre de recherche demanderait quelques pas de plus. La map des services est une table de hachage et n’en demande aucun.',
			rows: 'La map a bien autant de lignes de plus, une ou deux par service. Mais le programme demande une clé à la fois et ne parcourt jamais les lignes.',
		},
	},
	'all-four-doors': {
		title: 'Quatre portes, votre adresse',
		question:
			'Faites répondre les quatre portes avec {client}, avec un seul pod et la politique Cluster. Utilisez les réglages ; toute combinaison qui y parvient compte.',
		right: 'Plus aucune porte ne prête son nom, puisque le nœud du pod répond pour elle.',
		wrong: 'Une porte au moins montre une adresse qui n’est pas la vôtre. La liste dit laquelle.',
		hint: 'À quelles portes l’adresse est-elle déjà juste, et que devrait savoir le nœud du pod pour les autres ?',
		misconceptions: {
			proxy: 'kube-proxy marque à chaque porte, celle du pod comprise.',
			'snat-at-home': 'Déplacer le pod déplace la seule porte juste. Les autres doivent toujours prêter leur nom.',
		},
	},
};
