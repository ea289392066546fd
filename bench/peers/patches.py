"""Writes 200,000 patches of 8 x 8 pixels of photographs as PATCHES.npy, f8: patches.py FOLDER PATCHES.npy

FOLDER holds JPEG files; those of Debian's mate-backgrounds lie in /usr/share/backgrounds/mate/nature. Gray values from 0 to 255, with uniform noise
within a step of the gray scale, which is the rounding of the picture.
"""
import glob
import sys

import numpy as np
from PIL import Image

PATCHES, SIDE = 200_000, 8

random = np.random.default_rng(1)
files = sorted(glob.glob(sys.argv[1] + "/*.jp*g"))
patches = []
for i, file in enumerate(files):
    gray = np.asarray(Image.open(file).convert("L")).astype(float)
    count = PATCHES * (i + 1) // len(files) - PATCHES * i // len(files)
    rows = random.integers(0, gray.shape[0] - SIDE, count)
    columns = random.integers(0, gray.shape[1] - SIDE, count)
    patches += [gray[row : row + SIDE, column : column + SIDE].ravel() for row, column in zip(rows, columns)]
patches = np.array(patches)
patches += random.uniform(-0.5, 0.5, patches.shape)
random.shuffle(patches)
np.save(sys.argv[2], patches)
