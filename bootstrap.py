"""Make `.venv` from the hash-locked requirements: `python bootstrap.py` (Python 3.11 or newer; nothing else).

Kept to the standard library and to syntax that an old Python can read, so that an old Python gets a sentence and not
a syntax error. Run again, it does nothing until the lock or the packaging changes.
"""

import hashlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
STAMP = os.path.join(VENV, "installed-from.sha256")
INPUTS = ("requirements.lock", "pyproject.toml")
NEEDED = (3, 11)


def refuse(message):
    sys.exit("bootstrap: " + message)


def check_python():
    if sys.version_info < NEEDED:
        found = ".".join(str(part) for part in sys.version_info[:3])
        refuse(
            "Python 3.11 or newer is needed, this is %s. Name a newer one, for example:"
            " make PYTHON=python3.12 evaluate" % found
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        refuse(
            "this Python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv;"
            " elsewhere install Python from python.org, or use conda with environment.yml"
        )


def fingerprint():
    digest = hashlib.sha256(sys.version.encode())
    for name in INPUTS:
        with open(os.path.join(HERE, name), "rb") as handle:
            digest.update(handle.read())
    return digest.hexdigest()


def installed():
    if not os.path.exists(STAMP):
        return None
    with open(STAMP) as handle:
        return handle.read().strip()


def venv_python():
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(VENV, folder, name)


def pip(*arguments):
    command = [venv_python(), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if subprocess.call(command + list(arguments), cwd=HERE) != 0:
        refuse("pip could not install the locked packages (its message is above). Is there a network, or a proxy?")


def install():
    sys.stdout.write("Making .venv from requirements.lock (a few minutes, once) ...\n")
    sys.stdout.flush()
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])
    pip("--require-hashes", "--requirement", "requirements.lock")
    pip("--no-deps", "--no-build-isolation", "--editable", ".")


def main():
    check_python()
    wanted = fingerprint()
    if installed() != wanted:
        install()
        with open(STAMP, "w") as handle:
            handle.write(wanted)


if __name__ == "__main__":
    main()
