#compdef git-pp pp
# Completion of `git pp` for zsh: save it as _git-pp in a directory of $fpath; zsh's own completion of git finds it there.

_git-pp () {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a verbs
  verbs=(
    'run:make a failing command pass, and prove that the patch did it'
    'prove:prove a change that exists, whoever wrote it'
    'replay:run a proof again, in fresh worktrees'
    'verify:check proofs without running anything'
    'attest:check a proof, then sign it'
    'show:tell one proof in full'
    'log:list the proofs, one a line'
    'report:write a proof for a pull request, or as a page'
    'apply:put a proved change into your files, or commit it'
    'push:send proofs to a remote'
    'fetch:bring the proofs of a remote'
    'forget:withdraw a proof, here and on a remote'
    'export:write a proof as a directory'
    'import:read a proof from such a directory'
    'keygen:make a pair of keys to sign with'
    'init:write the policy that fits this project'
    'doctor:look at all that a session rests on, and say how to mend it'
    'completion:print the completion of a shell'
    'gc:remove what dead or old sessions left'
    'help:list the verbs, or the options of one'
  )
  _arguments -C \
    '*-C[work as if started there]:directory:_directories' \
    '--version[print the version]' \
    '(-h --help)'{-h,--help}'[list the verbs]' \
    '(-): :->verb' \
    '(-)*:: :->words' && return
  case $state in
  verb) _describe -t verbs 'git pp verb' verbs ;;
  words)
    case $words[1] in
    run)
      _arguments -s \
        '*-q[say nothing on the way; answer with one line]' \
        '*--quiet[say nothing on the way; answer with one line]' \
        '*-v[tell every run and every step]' \
        '*--verbose[tell every run and every step]' \
        '*--target=[only this target of the policy]:NAME: ' \
        '*--policy=[a policy file that adds to the base'\''s own]:FILE:_files' \
        '*--base=[start from this commit and ignore what is uncommitted]:COMMIT: ' \
        '*--jobs=[how many pairs may run at once; default: 1]:N: ' \
        '*--sandbox=[what isolates the commands; default: auto; none needs --network allow]:auto|container|bubblewrap|unshare|none:(auto container bubblewrap unshare none)' \
        '*--network=[the network of the commands; default: deny]:deny|allow:(deny allow)' \
        '*--history=[what git shows commands of the past: nothing (default), down to the nearest tags, or N commits]:none|tags|N:(none tags)' \
        '*--include=[an ignored file or directory that commands need; may be given again]:PATH:_files' \
        '*--allow=[a test, or another file that decides, which the change may edit; may be given again]:PATTERN: ' \
        '*--setup=[run this once on the base, before any patch]:CMD: ' \
        '*--env=[a variable of yours that commands may read; may be given again]:NAME: ' \
        '*--expect=[the red must contain this text]:TEXT: ' \
        '*--hang-after=[running longer than this is red]:SECONDS: ' \
        '*--timeout=[end the session after this; default: 3600]:SECONDS: ' \
        '*--runs=[pairs of fresh runs without and with the patch; 0: once each, which proves little; default: auto]:N|auto:(auto)' \
        '*--no-minimize[keep the patch as it is, needless parts included]' \
        '*--keep-worktrees[leave the worktrees for a look]' \
        '*--sign=[sign the proof: hmac-sha256, ed25519 or ssh; default: as the policy says]:MODE:(hmac-sha256 ed25519 ssh none)' \
        '*--key=[the key to sign with; for ssh also a .pub that an agent knows]:FILE:_files' \
        '*--key-env=[the variable that holds the key to sign with]:NAME: ' \
        '*--apply[put what was proved into your files, as git pp apply does]' \
        '*--artifacts[also export to .pp-artifacts/SESSION/proof_bundle]' \
        '*--provider=[who proposes patches; several with commas between them; default: search, no model]:search|openai|local|command|stub:(search openai local command stub)' \
        '*--model=[the model of the provider]:NAME: ' \
        '*--show-prompt[print what a model would get; send nothing]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:COMMAND: ' ;;
    prove)
      _arguments -s \
        '*-q[say nothing on the way; answer with one line]' \
        '*--quiet[say nothing on the way; answer with one line]' \
        '*-v[tell every run and every step]' \
        '*--verbose[tell every run and every step]' \
        '*--target=[only this target of the policy]:NAME: ' \
        '*--policy=[a policy file that adds to the base'\''s own]:FILE:_files' \
        '*--base=[start from this commit and ignore what is uncommitted]:COMMIT: ' \
        '*--jobs=[how many pairs may run at once; default: 1]:N: ' \
        '*--sandbox=[what isolates the commands; default: auto; none needs --network allow]:auto|container|bubblewrap|unshare|none:(auto container bubblewrap unshare none)' \
        '*--network=[the network of the commands; default: deny]:deny|allow:(deny allow)' \
        '*--history=[what git shows commands of the past: nothing (default), down to the nearest tags, or N commits]:none|tags|N:(none tags)' \
        '*--include=[an ignored file or directory that commands need; may be given again]:PATH:_files' \
        '*--allow=[a test, or another file that decides, which the change may edit; may be given again]:PATTERN: ' \
        '*--setup=[run this once on the base, before any patch]:CMD: ' \
        '*--env=[a variable of yours that commands may read; may be given again]:NAME: ' \
        '*--expect=[the red must contain this text]:TEXT: ' \
        '*--hang-after=[running longer than this is red]:SECONDS: ' \
        '*--timeout=[end the session after this; default: 3600]:SECONDS: ' \
        '*--runs=[pairs of fresh runs without and with the patch; 0: once each, which proves little; default: auto]:N|auto:(auto)' \
        '*--no-minimize[keep the patch as it is, needless parts included]' \
        '*--keep-worktrees[leave the worktrees for a look]' \
        '*--sign=[sign the proof: hmac-sha256, ed25519 or ssh; default: as the policy says]:MODE:(hmac-sha256 ed25519 ssh none)' \
        '*--key=[the key to sign with; for ssh also a .pub that an agent knows]:FILE:_files' \
        '*--key-env=[the variable that holds the key to sign with]:NAME: ' \
        '*--apply[put what was proved into your files, as git pp apply does]' \
        '*--artifacts[also export to .pp-artifacts/SESSION/proof_bundle]' \
        '*--patch=[prove this diff in place of a CHANGE; - reads it from stdin]:FILE:_files' \
        '*--each[prove every commit of A..B, one after the other]' \
        '*--flaky[for what fails only in some runs: run without and with the change in turn until chance is no explanation, at most --runs pairs, 5 to 100; default: 60]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:CHANGE or COMMAND: ' ;;
    replay)
      _arguments -s \
        '*-q[say nothing on the way; answer with one line]' \
        '*--quiet[say nothing on the way; answer with one line]' \
        '*-v[tell every run and every step]' \
        '*--verbose[tell every run and every step]' \
        '*--verify-attestation[verify it first, and run nothing unless it holds]' \
        '*--key=[a public key to trust, PEM or OpenSSH; may be given again]:FILE:_files' \
        '*--key-env=[the variable that holds the key]:NAME: ' \
        '*--mode=[what --key and --key-env hold, where they do not say it: hmac-sha256, ed25519 or ssh]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--trust=[a list of public keys: PEM blocks and allowed signers; may be given again]:FILE:_files' \
        '*--trust-from=[trust whom .pp/allowed_signers of this commit names]:REF: ' \
        '*--allow-unsigned[accept a proof that nobody trusted signed]' \
        '*--bisect[exit 0 reproduced, 1 refuted, 125 neither; for git bisect run]' \
        '*--sandbox=[what isolates the commands; default: auto; none needs --network allow]:auto|container|bubblewrap|unshare|none:(auto container bubblewrap unshare none)' \
        '*--network=[the network of the commands; default: deny]:deny|allow:(deny allow)' \
        '*--history=[what git shows commands of the past: nothing (default), down to the nearest tags, or N commits]:none|tags|N:(none tags)' \
        '*--include=[an ignored file or directory of yours that the commands may read; may be given again]:PATH:_files' \
        '*--env=[a variable of yours that the commands may read; may be given again]:NAME: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    verify)
      _arguments -s \
        '*-q[say nothing on the way; answer with one line]' \
        '*--quiet[say nothing on the way; answer with one line]' \
        '*--key=[a public key to trust, PEM or OpenSSH; may be given again]:FILE:_files' \
        '*--key-env=[the variable that holds the key]:NAME: ' \
        '*--mode=[what --key and --key-env hold, where they do not say it: hmac-sha256, ed25519 or ssh]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--trust=[a list of public keys: PEM blocks and allowed signers; may be given again]:FILE:_files' \
        '*--trust-from=[trust whom .pp/allowed_signers of this commit names]:REF: ' \
        '*--allow-unsigned[accept a proof that nobody trusted signed]' \
        '*--threshold=[so many different public keys must have signed; default: 1]:N: ' \
        '*--allow-weak[accept red once and green once (--runs 0)]' \
        '*--exact[refuse proofs of another commit with the same trees]' \
        '*--require=[of a range: every commit, or those that announce a proof]:all|trailer:(all trailer)' \
        '*--policy-from=[also hold command, base, judges, runs and paths against the policy of this commit]:REF: ' \
        '*--max-age=[refuse older proofs: 45m, 12h, 7d, 2w]:AGE: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:PROOF or RANGE: ' ;;
    attest)
      _arguments -s \
        '*--mode=[how to sign: hmac-sha256, ed25519 or ssh; none: the statement without a signature]:MODE:(hmac-sha256 ed25519 ssh none)' \
        '*--key=[the key to sign with; for ssh also a .pub that an agent knows]:FILE:_files' \
        '*--key-env=[the variable that holds the key to sign with]:NAME: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    show)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    log)
      _arguments -s \
        '*-n+[at most so many; default: all]:N: ' \
        '*--limit=[at most so many; default: all]:N: ' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' ;;
    report)
      _arguments -s \
        '*--key=[a public key to trust, PEM or OpenSSH; may be given again]:FILE:_files' \
        '*--key-env=[the variable that holds the key]:NAME: ' \
        '*--mode=[what --key and --key-env hold, where they do not say it: hmac-sha256, ed25519 or ssh]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--trust=[a list of public keys: PEM blocks and allowed signers; may be given again]:FILE:_files' \
        '*--trust-from=[trust whom .pp/allowed_signers of this commit names]:REF: ' \
        '*--allow-unsigned[accept a proof that nobody trusted signed]' \
        '*--format=[a block for a pull request, or a page]:markdown|html:(markdown html)' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    apply)
      _arguments -s \
        '*--commit[on the branch, not only in the files]' \
        '*--key=[a public key to trust, PEM or OpenSSH; may be given again]:FILE:_files' \
        '*--key-env=[the variable that holds the key]:NAME: ' \
        '*--mode=[what --key and --key-env hold, where they do not say it: hmac-sha256, ed25519 or ssh]:MODE:(hmac-sha256 ed25519 ssh)' \
        '*--trust=[a list of public keys: PEM blocks and allowed signers; may be given again]:FILE:_files' \
        '*--trust-from=[trust whom .pp/allowed_signers of this commit names]:REF: ' \
        '*--allow-unsigned[accept a proof that nobody trusted signed]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    push)
      _arguments -s \
        '*--with-attempts[the attempts of the sessions, too]' \
        '*--with-snapshot[sessions that started from uncommitted work, too: this work is sent with them]' \
        '*-n[only say what would be sent]' \
        '*--dry-run[only say what would be sent]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:REMOTE or PROOF: ' ;;
    fetch)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:REMOTE or COMMIT: ' ;;
    forget)
      _arguments -s \
        '*--remote=[on this remote, too: its name, a URL or a path]:REMOTE: ' \
        '*--yes[do not ask]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:PROOF: ' ;;
    export)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:PROOF or DIR:_files' ;;
    import)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:DIR:_files' ;;
    keygen)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '*:FILE:_files' ;;
    init)
      _arguments -s \
        '*--force[write over a pp.yaml that is there]' \
        '*-n[only print it]' \
        '*--dry-run[only print it]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' ;;
    doctor)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' ;;
    completion)
      _arguments -s \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' \
        '1:SHELL:(bash zsh fish)' ;;
    gc)
      _arguments -s \
        '*--older-than=[also unproved sessions older than this: 45m, 12h, 7d, 2w]:AGE: ' \
        '*--all[everything of git pp in this repository, proofs included]' \
        '*-n[only say what would be removed]' \
        '*--dry-run[only say what would be removed]' \
        '*-h[show this help]' \
        '*--help[show this help]' \
        '*--json[answer with one JSON object, also for errors]' ;;
    esac ;;
  esac
}

_git-pp "$@"
