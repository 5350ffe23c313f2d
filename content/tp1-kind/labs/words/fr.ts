import type { ExerciseWords } from '../../../../src/exercises/index.ts';
import type { en } from './en.ts';

export const fr = {
	'container-count': {
		title: 'Combien de conteneurs',
		question:
			'Une configuration énumère {planes} {planes|nœud|nœuds} de rôle control-plane et {workers} de rôle worker. Combien de conteneurs `docker ps` montre-t-il pour ce cluster ?',
		right:
			'Il en montre {answer} : un par nœud, et un de plus quand plusieurs plans de contrôle ont besoin d’une adresse commune.',
		wrong:
			'Comptez d’abord les nœuds. Demandez-vous ensuite où un client trouve le serveur d’API quand il y en a plusieurs.',
		hint: 'kubeconfig contient une seule adresse pour le serveur d’API, quel que soit le nombre de plans de contrôle.',
		misconceptions: {
			'no-balancer':
				'Chaque nœud est un conteneur, mais avec plusieurs plans de contrôle il faut une adresse qui vaille pour tous : kind ajoute un répartiteur, qui n’est pas un nœud.',
			'always-balancer':
				'Avec un seul plan de contrôle, personne n’a à choisir entre des serveurs d’API : il n’y a donc pas de répartiteur.',
			'workers-only': 'Le plan de contrôle est un nœud lui aussi, et chaque nœud est un conteneur.',
		},
	},
	'address-again': {
		title: 'Quelle adresse après un redémarrage',
		question:
			'Le cluster de cette page ; ses nœuds ont les adresses affichées plus haut. Quelqu’un tape alors {commands}. Quelle adresse {node} a-t-il maintenant ?',
		right: '{answer} : Docker donne la plus petite adresse libre chaque fois qu’un conteneur démarre.',
		wrong: 'Reprenez les commandes une à une : quelles adresses se libèrent, et qui demande le premier ?',
		hint: 'Une adresse appartient à un conteneur qui tourne, pas à un nom. Le premier à démarrer prend la plus petite qui est libre.',
		misconceptions: {
			keeps: 'C’était son adresse avant. Docker n’en garde aucune pour un conteneur arrêté.',
			'next-free': 'Les adresses libérées sont redistribuées, la plus petite d’abord.',
			host: 'Celle-là est l’extrémité du réseau qui appartient à la machine.',
		},
	},
	'safe-config': {
		title: 'Une configuration pour Cilium seul',
		question:
			'Ce fichier crée un cluster dont le serveur d’API est à la portée de tout votre réseau, et il installe kube-proxy. Modifiez-le pour que Cilium puisse tout faire, et que seule votre machine atteigne le serveur d’API.',
		right: 'Une ligne tient kube-proxy à l’écart, et l’adresse de bouclage tient à l’écart tous les autres.',
		wrong: 'Il manque encore quelque chose de la liste.',
		hint: 'Tout ce qui doit changer se trouve sous networking.',
		goals: {
			cluster: 'le cluster est créé, avec ses trois nœuds',
			'no-network': 'kind n’installe aucun plugin réseau à lui',
			'no-proxy': 'aucun kube-proxy ne tourne',
			loopback: 'le serveur d’API n’est publié que sur l’adresse de bouclage',
		},
		hints: {
			refused: 'kind a refusé le fichier. Ce qu’il a affiché dit quelle ligne ou quelle valeur ne lui a pas plu.',
			proxy:
				'À côté de disableDefaultCNI, il y a une clé pour la façon de traiter les services. Sa valeur est un mode, et l’un des modes est de n’en avoir aucun.',
			address:
				'L’adresse 0.0.0.0 désigne toutes les adresses de votre machine. Quelle est l’adresse de la machine pour elle-même ?',
		},
		misconceptions: {
			'mode-off':
				'La clé est la bonne ; ses valeurs sont iptables, ipvs et none (nftables dans les versions récentes).',
			'wrong-place': 'kube-proxy concerne le cluster entier : la clé se place sous networking, pas sous un nœud.',
			'a-name': 'Il faut ici une adresse, pas un nom : Docker n’en résout aucun.',
			'network-on': 'Voilà revenu le plugin réseau de kind. Cilium veut être seul.',
			'only-proxy': 'kube-proxy est parti. Le serveur d’API reste ouvert à quiconque atteint votre machine.',
			'only-address': 'Le serveur d’API est à l’abri. kube-proxy est toujours installé.',
		},
	},
	'port-twice': {
		title: 'Deux nœuds, un port',
		question:
			'Les deux nœuds publient leur port 80, et kind s’arrête à mi-chemin. Réparez le fichier : le port 80 de votre machine doit mener au nœud du plan de contrôle, et le port 80 du worker doit être publié quelque part lui aussi.',
		right: 'Un port d’une adresse ne peut avoir qu’un propriétaire. Un autre port convient, une autre adresse aussi.',
		wrong: 'Comparez ce que les deux nœuds demandent à votre machine.',
		hint: 'hostPort est un port de votre machine, containerPort un port du nœud. Un seul des deux est rare.',
		goals: {
			cluster: 'le cluster est créé, avec ses deux nœuds',
			plane: 'le port 80 de votre machine mène au port 80 du nœud du plan de contrôle',
			worker: 'le port 80 du worker est publié lui aussi',
		},
		hints: { taken: 'Docker dit quel port il n’a pas pu occuper. Qui l’a ?' },
		misconceptions: {
			'container-port': 'Le cluster est là, mais plus rien ne mène au port 80 du worker.',
			'moved-plane': 'Le port 80 de votre machine doit rester au nœud du plan de contrôle.',
			'still-twice': 'Les deux demandent encore le même port de la même adresse.',
		},
	},
	'create-order': {
		title: 'Les étapes de kind create cluster',
		question:
			'Une configuration avec {planes} {planes|nœud|nœuds} de plan de contrôle et 2 workers, {cni}. Mettez les étapes dans l’ordre où kind les exécute.',
		right:
			'D’abord les conteneurs, puis Kubernetes dans le premier d’entre eux, puis ce dont tous les nœuds ont besoin, puis les autres rejoignent le cluster.',
		wrong: 'Les {at} premières sont en place. Que faut-il avant que l’étape suivante puisse faire son travail ?',
		hint: 'Une étape qui parle au serveur d’API ne peut précéder celle qui le démarre ; un worker rejoint quelque chose qui tourne.',
		misconceptions: {
			'workers-first': 'Un worker rejoint un plan de contrôle. Celui-ci doit tourner avant.',
			'image-late': 'Les conteneurs sont lancés à partir de l’image : elle doit donc être là d’abord.',
			'config-first':
				'La configuration de kubeadm est écrite dans les conteneurs des nœuds : ils viennent donc d’abord.',
		},
	},
	'without-network': {
		title: 'Ce qui tourne sans réseau',
		question:
			'Aucun nœud n’est prêt, car il n’y a pas de plugin réseau. Quelqu’un tape alors {commands} et attend une minute. Lesquels de ces pods tournent ?',
		right: 'Les pods qui utilisent le réseau du nœud tournent ; tous les autres doivent en attendre un.',
		wrong: 'Demandez-vous, pour chaque pod, s’il a un réseau à lui ou s’il utilise celui du nœud.',
		hint: 'Comment un plan de contrôle démarrerait-il sur un nœud qui n’est pas prêt ?',
		options: { running: 'tourne', waiting: 'attend' },
		misconceptions: {
			'nothing-runs':
				'Pas prêt ne veut pas dire mort. Le serveur d’API vous a répondu, et c’est un pod lui aussi : il utilise le réseau du nœud.',
			'all-run': 'Qui leur donnerait une adresse ? Les pods qui ont un réseau à eux attendent un plugin qui le fasse.',
			placed:
				'Le pod nomme son nœud, personne n’a donc à l’y placer. Pour démarrer, il lui faut tout de même un réseau à lui.',
			'node-network': 'hostNetwork : ce pod utilise le réseau du nœud, qui était là depuis le début.',
			dns: 'CoreDNS ne fait pas partie du plan de contrôle : c’est un Deployment comme les vôtres, et ses pods reçoivent une adresse à eux.',
			'proxy-waits': 'kube-proxy écrit les règles du nœud : il utilise donc le réseau du nœud, et il tourne.',
		},
	},
	'misspelt-values': {
		title: 'Des valeurs qui ne changent rien',
		question:
			'Quelqu’un a installé Cilium avec {sets} en plus du fichier, pour que les agents journalisent en détail et signalent chaque paquet. Rien de tel ne se produit, et Helm ne s’est pas plaint. Faites en sorte que cela marche.',
		right:
			'Helm accepte n’importe quel nom. Ce qui compte, c’est ce qui est écrit dans la ConfigMap, et ce que les agents ont lu en démarrant.',
		wrong: 'La liste dit ce qui manque encore.',
		hint: 'Regardez cilium-config : de quelles clés s’agit-il, et qu’y lit-on ?',
		goals: {
			debug: 'dans cilium-config, `debug` vaut `true`',
			aggregation: 'dans cilium-config, `monitor-aggregation` vaut `none`',
			agents: 'les quatre agents tournent avec les deux',
		},
		hints: {
			restart: 'La ConfigMap est juste. Quand un agent la lit-il ?',
			'other-one':
				'L’une des deux est juste. Dans le chart, un interrupteur finit par `.enabled`, et ce qui touche aux programmes eBPF commence par `bpf.`.',
			names:
				'La liste du chart, `helm show values`, n’est pas dans ce labo. Un interrupteur y finit par `.enabled`, et ce qui touche aux programmes eBPF y commence par `bpf.`. Les clés de cilium-config se changent aussi sans Helm.',
		},
		misconceptions: {
			'no-restart':
				'La ConfigMap est juste, et les agents tournent encore avec ce qu’ils ont lu en démarrant. Helm ne les redémarre pas.',
			'one-left': 'L’une des deux est arrivée. L’autre nom n’est toujours pas de ceux que le chart connaît.',
			'still-misspelt':
				'Il y a une nouvelle révision, et la ConfigMap est ce qu’elle était : le chart ne connaît aucune valeur de ce nom.',
		},
	},
	'cli-guess': {
		title: 'Ce que décide cilium install',
		question:
			'Un cluster kind avec `disableDefaultCNI: true` et {mode}. Vous tapez `cilium install` et rien d’autre. Que fait alors Cilium ?',
		right: 'La CLI regarde le cluster, et laisse aux réglages par défaut ce que le cluster ne décide pas.',
		wrong: 'Deux choses se décident ici : comment les pods de deux nœuds se joignent, et qui traite les services.',
		hint: 'Laquelle des deux se voit en regardant le cluster ?',
		options: {
			'native-proxy': 'Les pods de deux nœuds se joignent sans tunnel ; les services reviennent à kube-proxy',
			'native-replaced': 'Les pods de deux nœuds se joignent sans tunnel ; les services reviennent à Cilium',
			'vxlan-proxy': 'Les pods de deux nœuds se joignent par VXLAN ; les services reviennent à kube-proxy',
			'vxlan-replaced': 'Les pods de deux nœuds se joignent par VXLAN ; les services reviennent à Cilium',
		},
		misconceptions: {
			native:
				'Sans tunnel, le réseau entre les nœuds doit connaître les pods. La CLI ne s’y engage pas : elle prend le tunnel.',
			'nobody-looked': 'Il n’y a pas de kube-proxy dans ce cluster, et la CLI le cherche.',
			'always-replaces': 'kube-proxy est là, et la CLI lui laisse son travail.',
		},
	},
	'demo-pods': {
		title: 'Un sur chaque nœud',
		question:
			'Le cluster a quatre nœuds, Cilium tourne sur tous. Vous tapez {commands}. Combien de pods de cni-demo tournent à la fin ?',
		right: 'Il y en a {answer}. Un DaemonSet fait tourner un pod sur chaque nœud dont ce pod tolère les taints.',
		wrong: 'Comptez les nœuds, puis demandez-vous lesquels accepteraient un tel pod.',
		hint: 'Regardez les taints des nœuds, et ce que tolère le manifeste.',
		misconceptions: {
			'taint-forgotten': 'Le nœud du plan de contrôle porte un taint, et rien dans le manifeste ne le tolère.',
			'taint-gone': 'Le taint qui éloignait les pods du nœud du plan de contrôle avait été retiré avant.',
			one: 'Un DaemonSet ne compte pas de réplicas : il fait tourner un pod sur chaque nœud qui l’accepte.',
		},
	},
	'mode-line': {
		title: 'La ligne qui fait le mode',
		question:
			'Un cluster en mode {~from} est mis à jour avec {file}. Voici des lignes de son cilium-config, après coup. Laquelle en fait le mode {~to} ?',
		right: 'Toutes les autres y étaient déjà.',
		wrong: 'Cette ligne est là dans les deux modes.',
		hint: 'Posez les deux fichiers de valeurs côte à côte.',
		misconceptions: {
			'native-routing':
				'Elle dit comment les paquets vont d’un nœud à l’autre : sans tunnel, par des routes. C’est pareil dans les trois modes.',
			'masquerade-at-all':
				'Elle dit que les pods sont masqués, comme dans les trois modes. Par qui, une autre ligne le dit.',
			'already-there': 'Le mode 2 avait déjà cette ligne.',
		},
	},
	'nobody-answers': {
		title: 'Des agents jamais prêts',
		question:
			'Un cluster sans kube-proxy. Quelqu’un a installé Cilium en mode 2 et a dit aux agents de joindre le serveur d’API à sa ClusterIP. Faites que les quatre agents soient prêts, sans kube-proxy.',
		right:
			'Personne ne traduit une ClusterIP avant que les agents tournent : il faut donc leur dire une adresse qui n’a pas besoin d’être traduite.',
		wrong: 'Les agents ne sont toujours pas prêts.',
		hint: '`cilium status` dit combien il en manque, et le journal d’un agent dit ce qu’il attend.',
		goals: {
			agents: 'quatre agents ont fini de démarrer',
			nodes: 'quatre nœuds sont prêts',
			'no-proxy': 'il n’y a pas de kube-proxy',
		},
		hints: {
			proxy: 'kube-proxy aiderait, mais il doit rester à l’écart.',
			log: 'Regardez dans le journal d’un agent : quelle adresse essaie-t-il ? Quelle adresse emploie la configuration de kubectl à l’intérieur des nœuds ?',
		},
		misconceptions: {
			'gave-up': 'Il doit y avoir quatre nœuds, et aucun avec kube-proxy.',
			'ready-nodes':
				'Les nœuds sont prêts : le runtime de conteneurs a trouvé une configuration CNI. Cela ne veut pas dire que les agents travaillent.',
		},
	},
	'two-families': {
		title: 'Deux choses nommées routage',
		question:
			'Cilium 1.12.1 tourne avec {values}. On y ajoute chacune de ces valeurs, une seule à la fois. Que change-t-elle ?',
		right:
			'Comment les paquets vont d’un nœud à l’autre est une question, comment ils traversent un nœud en est une autre.',
		wrong:
			'Les {at} premières sont justes. Demandez-vous pour la suivante : touche-t-elle au chemin entre les nœuds, au chemin à travers l’un d’eux, ou à aucun des deux ?',
		hint: 'Le host routing BPF exige plusieurs choses à la fois. Laquelle est ici la dernière qui manque, ou la première qui s’en va ?',
		options: {
			between: 'comment les paquets vont d’un nœud à l’autre',
			host: 's’ils passent par la pile réseau du nœud',
			neither: 'ni l’un ni l’autre',
		},
		misconceptions: {
			'one-thing':
				'Des routes vers les pods des autres nœuds, c’est du routage natif. Comment un paquet traverse un nœud est une autre affaire.',
			'masquerade-only':
				'Le masquerade en BPF est l’une des conditions du host routing BPF, et dans ce cluster c’est lui qui en décide.',
			'tunnel-in-host': 'Un tunnel est un chemin entre nœuds. Le host routing BPF marche avec et sans lui.',
			'legacy-between': 'La valeur dit host : il s’agit du chemin à travers un nœud.',
		},
	},
	'value-column': {
		title: 'La colonne des valeurs',
		question:
			'Vous ajoutez à cilium-config une clé {key} de {length} caractères. `cilium config view` affiche ensuite sa liste à nouveau. Combien de caractères précèdent la valeur sur chaque ligne ?',
		right: '{answer} : quatre espaces après la clé la plus longue, quelle qu’elle soit.',
		wrong: 'Trouvez la clé la plus longue qu’il y a après coup.',
		hint: 'Comptez dans la liste ci-dessus : la clé la plus longue, et les espaces qui la suivent.',
		misconceptions: {
			fixed: 'C’est là qu’elles se trouvent maintenant. La colonne suit la clé la plus longue.',
			'no-padding': 'Il y a quelques espaces entre la clé la plus longue et sa valeur.',
			'always-moves': 'La colonne suit la clé la plus longue, et la liste en contient une plus longue que la vôtre.',
		},
	},
	'date-cli': {
		title: 'Quel âge a cette CLI',
		question:
			'Des rapports de bogue citent chacun une ligne de `cilium status`, avec ses espaces d’origine. Tous les clusters sont sains et identiques ; les CLI sont {old}, {middle} et {new}. Laquelle des trois est la plus ancienne à afficher une ligne avec ce libellé et cette colonne ?',
		right:
			'Un libellé dit quelles lignes une version connaît. La colonne dit quel libellé est le plus long, même s’il n’est pas cité.',
		wrong:
			'Les {at} {at|première est juste|premières sont justes}. Comptez les espaces de la suivante : sa valeur se trouve quatre espaces après le libellé le plus long de son bloc.',
		hint: 'Il y a deux blocs, chacun avec sa colonne : le résumé à côté du dessin, et les détails en dessous. Quels libellés sont arrivés avec quelle version, et lequel est le plus long de son bloc ?',
		options: { old: '{old}', middle: '{middle}', new: '{new}' },
		misconceptions: {
			renamed: 'Cette ligne a changé de nom depuis : elle a toujours parlé du relais, et maintenant elle le dit.',
			'label-only':
				'Le libellé est le même dans les trois, sa colonne non : ici, le bloc contient un libellé plus long que ClusterMesh.',
			chart: 'Seule une CLI qui installe par Helm cherche une release de Helm.',
			'too-narrow':
				'Dans les versions plus récentes, le bloc contient un libellé plus long, et toutes ses valeurs se sont décalées vers la droite.',
			'other-block':
				'Regardez les détails comme un bloc à part : leur colonne a changé quand un libellé plus long qu’Image versions est arrivé.',
		},
	},
	'from-nothing': {
		title: 'De rien à quatre nœuds',
		question:
			'Il n’y a pas de cluster. Créez-en un de quatre nœuds, tous prêts, avec Cilium dans l’un des trois modes. Lequel, c’est à vous de choisir ; un Cilium plus récent est le bienvenu.',
		right: 'Quatre nœuds, quatre agents, et un seul acteur qui traite les services.',
		wrong: 'La liste dit ce qui manque encore.',
		hint: 'Deux commandes suffisent. Les fichiers de cette leçon sont dans votre répertoire personnel.',
		goals: {
			nodes: 'le cluster a quatre nœuds',
			agents: 'l’agent de Cilium a fini de démarrer sur les quatre',
			ready: 'les quatre nœuds sont prêts',
			mode: 'les services sont traités soit par kube-proxy, soit par Cilium : pas par les deux, et pas par personne',
		},
		hints: {
			nothing: 'kind fait un cluster à partir d’une configuration. Regardez les fichiers que vous avez.',
			count: 'Regardez les rôles qu’énumère la configuration : il en faut quatre.',
			'no-cilium': 'Les nœuds sont là et attendent un plugin réseau.',
			agents: 'Cilium est installé, et certains agents ne sont jamais prêts. Que dit `cilium status` ?',
			both: 'Qui traite les services ici ? Comparez les DaemonSets avec kube-proxy-replacement dans cilium-config.',
		},
		misconceptions: {
			kindnet: 'kind a installé son propre plugin réseau. Cilium veut être seul : dites-le dans la configuration.',
			'not-ready': 'Les nœuds sont là, et sans plugin réseau ils restent NotReady.',
			'no-api':
				'Il n’y a pas de kube-proxy, et personne n’a dit aux agents où est le serveur d’API, ou bien on leur a dit un nom ou une adresse qui n’est pas de ce cluster.',
			both: 'kube-proxy tourne et Cilium le remplace, en même temps. Cela marche, mais qui fait le travail, nul ne le sait.',
		},
	},
} satisfies Record<keyof typeof en, ExerciseWords>;
