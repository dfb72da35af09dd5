"""WeCom: callback crypto, translation, API client, link."""
