return { tab = 33 }
